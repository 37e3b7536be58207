export default {
  case: {
    about: "Alarms, repairs, complaints, visits: each goes one way from report to closure, and climbs when nobody takes it. It replaces no emergency number.", report: "Report a matter", reported: "Reported {ref}", ref: "No.", title: "Matter", kind: "Kind", place: "Place", state: "State", priority: "Priority",
    holder: "Holder", nobody: "Nobody", opened: "Reported", next: "Clock", source: "Source", tier: "Tier", search: "Number or matter", openOnly: "Open only", mine: "Mine only", all: "All", none: "No case matches.", drill: "Drill", details: "What happened", door: "Door (encrypted, for the holder only)", reporter: "Reporter (encrypted)",
    states: { received: "received", assigned: "assigned", accepted: "accepted", on_site: "on site", resolved: "resolved", verified: "verified", closed: "closed", merged: "merged", handed: "handed off" },
    sources: { device: "device", resident: "resident", worker: "staff", inspection: "inspection", hotline: "hotline", open311: "Open311" }, tiers: { grid: "grid", community: "community", street: "street", district: "district" },
    clocks: { answer: "Answer", arrive: "Arrival", close: "Closure" }, left: "{clock}: {span} left", over: "{clock}: {span} late", paused: "paused", spans: { s: "{n} s", min: "{n} min", h: "{n} h", d: "{n} d" },
    moves: { assign: "Assign", accept: "Accept", decline: "Not mine", hand_up: "Hand up", arrive: "Arrive", resolve: "Resolve", send_back: "Send back", verify: "Verify", close: "Close", reopen: "Reopen", hand_off: "Hand off", take_back: "Take back" },
    assignee: "Assignee (user name)", body: "Outside body", note: "Note", make: "Confirm", made: "Done: {move}", pause: "Pause the clocks", resume: "Start the clocks", checklist: "What to look at", clocksTitle: "Clocks", history: "History", told: "Told", showDoor: "Show the door and contacts", seen: "The look is audited",
    rate: "Enter the rating", ratings: { satisfied: "Satisfied", fairly: "Fairly satisfied", dissatisfied: "Dissatisfied (reopens)" }, rated: "Rating entered", back: "Back to all", department: "Proposed department", again: "again", byDevice: "device", done: "done {when}", due: "by {when}",
    events: { received: "Reported", again: "Told again", escalated: "Told the {tier}: {names}", nobody: "Nobody at the {tier}: on to the next tier", paused: "Clocks paused", resumed: "Clocks started", merged: "Merged into {into}", joined: "Joined by {of}", split: "Split off {into}", rated: "Rating: {rating}", meeting: "Called to a meeting: {names}", photo: "Photo", photo_removed: "Photo taken away", cleared: "The device is quiet again; somebody looks all the same" },
    who: { resident: "Resident", family: "Family", neighbour: "Neighbour" },
    steps: { photo: "photo", photo_removed: "photo removed", received: "reported", again: "again", escalated: "escalated", nobody: "nobody there", paused: "paused", resumed: "resumed", merged: "merged", joined: "joined", split: "split", cleared: "device quiet", rated: "rated", meeting: "meeting" },
    channels: { app: "app", sms: "SMS", voice: "voice", work: "work app" }, toldStates: { queued: "waiting", sent: "sent", delivered: "delivered", failed: "failed", off: "no gateway, or called off" },
  },
  evaluation: {
    title: "Evaluation", about: "Small matters settled in the grid, large ones in the community: of what each place received, how much was settled in time, once, to the residents' satisfaction.", since: "From", until: "To", received: "Received", settled: "Settled", settled_share: "Settled", in_time: "In time", answered_in_time: "Answered in time",
    once: "Without rework", satisfied: "Satisfied", in_grid: "Settled in the grid", points: "Points", places: "Places", months: "Months", kinds: "Kinds", one: { places: "Place", months: "Month", kinds: "Kind" },
    proposal: "After GB/T 30428.4; the weights are proposals (in time 35 %, settled 25 %, without rework 20 %, satisfied 20 %). Drills are not counted.",
  },
};
