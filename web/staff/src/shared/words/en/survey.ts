export default {
  survey: {
    title: "Offline survey", online: "online", offline: "offline", back: "To the platform", list: "Facilities", find: "Find by name or ref",
    onlyStale: "Only those not checked for long", onlyWaiting: "Only those that wait", ready: "opens without network", notReady: "being kept on the phone, stay online…",
    failed: "could not be kept: will not open without network", impossible: "no https: will not open without network", waiting: "{count} to be sent", none: "nothing to be sent",
    send: "Send", refresh: "Fetch the register again", taken: "Fetched {at}, {count} facilities", cut: "Too many facilities: only the first {count} are here.",
    login: "Log in", mustLogin: "Log in first; the first time needs a network.", loginToSend: "You are logged out. All records are still here: log in to send them.",
    others: "{count} more belong to other users, who send them when they log in.", mayNot: "Your role may not change the register.",
    offlineSend: "The server cannot be reached. All records are still here and go out when it can.",
    kept: "What waits is kept in this browser, not encrypted: it is about facilities only, no personal data.", new: "New facility", same: "Checked, all as it was",
    note: "Note the change", cancel: "Back to the list", source: "Source", onSite: "site visit", here: "Position from the phone", locating: "Locating…",
    noPosition: "The phone gave no position; please fill in longitude and latitude.", accuracy: "To within about {m} m", needed: "A name, a type and a position are needed.",
    km: "{m} m", state: { waiting: "waiting", refused: "refused", conflict: "conflict" }, drop: "Discard this record",
    sureDrop: "Discard what you noted of “{name}”? It cannot be brought back.", conflict: "Somebody changed this facility while you were offline. Compare, and choose.",
    field: "Field", mine: "Mine", theirs: "There now", was: "Before", takeMine: "Use mine", takeTheirs: "Keep what is there", gone: "none",
    refused: "It was refused: correct it and send again, or discard it.", more: "{count} more; narrow it down by a search.",
    checkedOnly: "You noted “all as it was”, but it has changed.",
  },
};
