export default {
  warning: {
    about: "What many people must know at once: flood, power cut, gas. Once sent, everybody sees it, and it is only updated or lifted.", new: "Write a warning", none: "No warnings.", draftsOnly: "Drafts only",
    hazard: "Hazard", place: "Place", areas: "Of it (none means all)", headline: "Headline (Chinese)", headline_en: "Headline (English, may be empty)", description: "What happens (Chinese)", description_en: "What happens (English, may be empty)",
    instruction: "What to do (Chinese, may be empty)", instruction_en: "What to do (English, may be empty)", onset: "Begins (may be empty)", expires: "Ends", case: "Came of case (number, may be empty)", status: "Status",
    urgency: "Urgency", severity: "Severity", certainty: "Certainty", until: "until {when}", from: "from {when}", by: "Sent by {who}, {when}", draftBy: "Drafted by {who}", cap: "CAP message", follows: "Follows {ref}",
    save: "Save draft", send: "Send", change: "Change", drop: "Delete draft", update: "Update", cancel: "Lift", saved: "Draft saved", sent: "Sent", dropped: "Draft deleted", sure: "Send “{headline}”? Everybody sees it, and it is only updated or lifted, never taken back.", sureDrop: "Delete this draft?",
    states: { draft: "Draft", now: "In force", over: "Over", followed: "Replaced by {ref}", lifted: "Lifted" }, types: { Alert: "Warning", Update: "Update", Cancel: "Lifted" },
    statuses: { Actual: "Actual", Exercise: "Exercise", System: "System", Test: "Test" }, urgencies: { Immediate: "Immediate", Expected: "Within the hour", Future: "Future", Past: "Past", Unknown: "Unknown" },
    severities: { Extreme: "Extreme", Severe: "Severe", Moderate: "Moderate", Minor: "Minor", Unknown: "Unknown" }, certainties: { Observed: "Observed", Likely: "Likely", Possible: "Possible", Unlikely: "Unlikely", Unknown: "Unknown" },
  },
};
