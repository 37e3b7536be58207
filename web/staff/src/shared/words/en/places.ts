export default {
  places: {
    about: "One tree of district, streets, communities and grids: names, Party branches, teams, and their past. Every change keeps its day and is audited.",
    tree: "Tree of places", choose: "Choose a place in the tree.", one: "The chosen place", textHint: "Name, pinyin, initials or code", anyLevel: "All levels",
    withEnded: "Ended ones too", hits: "What was found", below: "Below {name}", noGrids: "No grids", noneBelow: "Nothing lies below", onMap: "On the map",
    above: "Lies in", name_zh: "Chinese name", name_en: "English name", code: "Code", dates: "Since", ended: "ended", endedOn: "ended {day}",
    branch: "Party branch", team: "Grid team (1+3+N)", noTeam: "No team yet", people: "Population", noPeople: "No counts", age: "Aged {from}–{to}", ageFrom: "Aged {from} and over",
    directly: "Directly below", history: "History", noHistory: "Nothing is recorded", recorded: "recorded by {by}, {at}", and: ", ", on: "From which day on", level: "Level",
    role: { head: "Head of the grid", full_time: "Full-time", part_time: "Part-time", guide: "Guiding", other: "Others" },
    kind: {
      created: "Created", renamed: "Renamed", reshaped: "Reshaped", moved: "Moved", merged: "Merged", split: "Split", ended: "Ended", branch: "Party branch", team: "Team",
    },
    act: { rename: "Rename", move: "Move", branch: "Set the Party branch", team: "Set the team", create: "Add below" },
    branchHint: "Empty takes it away.", newParent: "New parent", username: "User name (exactly)", is: "What they are", add: "Add somebody", remove: "Let go",
    noMembers: "The team will be empty.", codeHint: "Up to 40 letters, digits, dots, colons, hyphens; it cannot be changed later.",
    sureMove: "Move “{name}” to “{parent}”? All below it moves along, and with it who may see and change it.",
    sureCreate: "Create “{name}” ({code})? A place cannot be deleted afterwards, nor its code changed.",
  },
};
