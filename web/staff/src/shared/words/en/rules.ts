export default {
  rule: {
    about: "Values that devices measure are no matter for anybody until a rule says so. A change is a new version, tried against the past before it holds.", new: "Write a rule", rewrite: "Write a new version", none: "No rules yet.", code: "Code (lower case, digits, -)", name: "Name", devices: "Kind of device", allDevices: "All devices",
    asText: "As text (combinations, hours)", definition: "Definition (JSON)", value: "Name of the value", how: "Condition", hows: { above: "above", below: "below", rises: "rises by", falls: "falls by", silent: "no message" }, limit: "Limit", clear: "Clears at (optional)",
    lasting: "Lasting (minutes)", within: "Time (minutes)", raises: "Raises a case of", save: "Save as a version", saved: "Saved; it may hold once it is tried", versions: "Versions", version: "Version {n}", holds: "Version {n} holds", holdsNot: "Holds not", try: "Try on the last {days} days", hold: "Make it hold", stop: "Stop it", held: "It holds now", stopped: "Stopped",
    tried: "In the last {days} days it would have raised {cases} cases, of {devices} devices (of {heard}, {readings} readings).",
  },
};
