export default {
  circle: {
    about: "Drawn, built, accepted: each circle is communities or grids in one piece, and has cards like a place.", draw: "Draw by hand", propose: "Find circles", targets: "Targets", list: "All circles", none: "There are no circles yet.",
    name: "Name", members: "Members", people: "Residents", beyond: "{count} people outside the bounds", inBounds: "within 50,000 to 100,000", unknown: "residents not counted", card: "Overall card", noCard: "to be assessed", state: "State",
    states: { planned: "planned", building: "being built", accepted: "accepted", demonstration: "demonstration" }, to: { planned: "Back to planned", building: "Build", accepted: "Accept", demonstration: "Make it a demonstration" },
    drawing: "Click communities on the map to take them in or out; they have to be in one piece.", drawingList: "{count} communities, {people} people", save: "Save the circle", redraw: "Change members", cancel: "Cancel", dissolve: "Dissolve", sureDissolve: "Dissolve “{name}”? Its communities go on.",
    made: "Saved", dissolved: "Dissolved", count: "How many (any if empty)", least: "People at least", most: "People at most", hard: "Bounds have to be met", by: "Made of", find: "Find", finding: "Searching…", found: "{count} divisions, each best in something", adopt: "Adopt", adopted: "{count} circles adopted",
    wishes: { compact: "shortest walks", streets: "streets kept together", even: "most even", between: "in between" }, walk: "{minutes} min to the centre", split: "{share} apart from their street", uneven: "{share} uneven", show: "Show on the map",
    target: "{circles} by {on}", targetNow: "{accepted} accepted", targetSet: "Set targets", targetLines: "A line each: day and number, as 2027-12-31 11", saved: "Saved", life: "Life", note: "Note (needed to go back)", acceptBy: "Accept by", map: "Map of circles", open: "Open “{name}”",
    move: "Move", back: "All circles", checks: "Check list", synthetic: "demo",
  },
  check: {
    about: "Check lists of pilots and acceptance: what the register can tell is judged by it, the rest by people, who have the last word.", list: "Check list", place: "Place", counts: "{met} met, {unmet} missing, {open} to be looked at", item: "Item", norm: "Wanted", verdict: "Verdict",
    met: "met", unmet: "missing", open: "look", byRegister: "register", byPerson: "{name}: {note}", yes: "Met", no: "Missing", take: "Take back", note: "Evidence", say: "Check “{name}”", said: "Noted", proposal: "this list is a proposal", verify: "figures to be verified", source: "Source: {source}", choose: "Choose a place.",
  },
  goal: {
    many: "Work goals", about: "What each place is to reach by when, who answers for it, and how far it is.", new: "New goal", name: "Goal", unit: "Unit", start: "From", target: "Target", starts: "Start", due: "Due", department: "Department", owner: "Responsible (user name)", counts: "Count accepted projects of a type",
    screen: "Place on the screen (0 for none)", value: "Now", standing: "Standing", standings: { done: "done", on_track: "on track", behind: "behind", overdue: "overdue" }, report: "Report", reportOf: "Report “{name}”", on: "Day", note: "Note", end: "End", sureEnd: "End “{name}”? What was reported stays.", place: "Place", saved: "Saved", auto: "counted", of: "{value} / {target} {unit}", none: "There are no goals yet.",
  },
  file: {
    many: "Documents and photos", none: "No files yet.", add: "Add", title: "Title", choose: "A file (PDF, Office, drawings, photos, 30 MiB at most)", remove: "Remove “{name}”", sure: "Remove “{name}”?", removed: "Removed", by: "{name} {when}",
  },
  package: { out: "OC4IDS", in: "Import OC4IDS", about: "A project package of the open contracting standard (JSON): projects that are not here are entered as ideas.", file: "Package", place: "Where projects without a known place go", done: "{made} entered, {known} here already", pdf: "Report PDF" },
  demand: {
    about: "How many there are of each group, how many are beyond the walk, what they are short of; now and in 5 years (everybody older, facilities as today).", byType: "One type, all places", byPlace: "One place, all types", type: "Facility type", place: "Place", people: "People", beyond: "Beyond the walk", needed: "Due", received: "Received", short: "Short", now: "now", then: "in 5 years", use: "In use", wished: "Most missed", satisfaction: "Satisfaction", answers: "{count} answers", onMap: "Show on the map", level: "Level", years: "Years",
  },
};
