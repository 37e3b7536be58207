export default {
  chats: {
    about: "A case that nobody has answered by a tier is told to the group chat of that place; one of a department at once to that department's (P3 to P5 in working hours). A message has number, kind, priority, community and a link: no door, no name, no phone.",
    off: "Group chats are off: who runs the server names in LIFECIRCLE_CHATS what kinds there may be (wecom, dingtalk, feishu, or a schema of apprise).", name: "Name", kind: "Kind", department: "Department", anyDepartment: "Any, by tier", upTo: "Priorities", upToOne: "P1 to {p}", onlyP1: "P1 only",
    address: "Address of its robot (encrypted, never shown again)", answer: "Last answer", never: "nothing sent yet", new: "Add a group chat", test: "Send a test message", tested: "It was taken: {answer}", failed: "It was not taken: {answer}", end: "End", ended: "ended {when}", sureEnd: "End “{name}”? Its address is deleted at once.", none: "There is no group chat here",
    kinds: { wecom: "WeCom", dingtalk: "DingTalk", feishu: "Feishu" },
  },
};
