export default {
  groups: {
    about: "Those who do one thing across departments and streets. Who leads and who belongs are accounts of staff; changes are audited.",
    withEnded: "Those that have ended too", name: "Name", task: "Task", lead: "Lead", leadName: "User name of who leads", members: "Members", since: "From, to",
    none: "There is no working group here", new: "New working group", change: "Change", show: "Show", end: "End the group",
    sureEnd: "End “{name}”? It cannot be changed after that.", remove: "Let go", newcomer: "User name of a new member (exactly)", add: "Take in",
  },
};
