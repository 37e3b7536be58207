export default {
  places: {
    about: "区、街道、社区、网格一棵树: 名称、党支部、团队与历史。改动都留日期、历史与审计。", tree: "地方树", choose: "请在左侧选择一个地方。", one: "所选的地方",
    textHint: "名称、拼音、首字母或代码", anyLevel: "所有层级", withEnded: "含已撤销的", hits: "查找结果", below: "{name} 的下级", noGrids: "没有网格", noneBelow: "没有下级",
    onMap: "在地图上看", above: "上级", name_zh: "中文名称", name_en: "英文名称", code: "代码", dates: "设立日期", ended: "已撤销", endedOn: "{day} 撤销",
    branch: "党支部", team: "网格团队 (1+3+N)", noTeam: "尚未设置团队", people: "人口", noPeople: "没有人口数据", age: "{from}–{to} 岁", ageFrom: "{from} 岁及以上",
    directly: "直属下级", history: "历史", noHistory: "没有记录", recorded: "{by} 于 {at} 记录", and: "、", on: "自何日起", level: "层级",
    role: { head: "网格长", full_time: "专职网格员", part_time: "兼职网格员", guide: "网格指导员", other: "其他成员" },
    kind: {
      created: "设立", renamed: "更名", reshaped: "调整范围", moved: "改属", merged: "合并", split: "拆分", ended: "撤销", branch: "党支部", team: "团队",
    },
    act: { rename: "更名", move: "改属", branch: "设置党支部", team: "设置团队", create: "新增下级" },
    branchHint: "留空即取消。", newParent: "新的上级", username: "用户名 (须完全一致)", is: "职责", add: "加一人", remove: "移出", noMembers: "保存后团队为空。",
    codeHint: "最多 40 个字母、数字、点、冒号、横线, 设立后不能改。",
    sureMove: "把“{name}”改属“{parent}”? 它的全部下级随之改属, 谁能看到、修改它们也随之改变。", sureCreate: "设立“{name}” ({code})? 地方设立后不能删除, 代码不能改。",
  },
};
