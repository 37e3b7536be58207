export default {
  warning: {
    about: "很多人必须马上知道的事: 洪涝、停电、燃气。发布后任何人可见, 不再改动, 只能更新或解除。", new: "写预警", none: "没有预警。", draftsOnly: "只看草稿",
    hazard: "种类", place: "地方", areas: "其中 (不选即全部)", headline: "标题 (中文)", headline_en: "标题 (英文, 可空)", description: "情况 (中文)", description_en: "情况 (英文, 可空)",
    instruction: "请居民怎样做 (中文, 可空)", instruction_en: "请居民怎样做 (英文, 可空)", onset: "开始 (可空)", expires: "结束", case: "来自事件 (编号, 可空)", status: "性质",
    urgency: "紧急程度", severity: "严重程度", certainty: "确定程度", until: "至 {when}", from: "自 {when}", by: "{who} 发布于 {when}", draftBy: "{who} 起草", cap: "CAP 报文", follows: "跟进 {ref}",
    save: "存草稿", send: "发布", change: "修改", drop: "删除草稿", update: "更新", cancel: "解除", saved: "草稿已保存", sent: "已发布", dropped: "草稿已删除", sure: "发布“{headline}”? 任何人可见, 不能收回, 只能更新或解除。", sureDrop: "删除这份草稿?",
    states: { draft: "草稿", now: "生效中", over: "已结束", followed: "已由 {ref} 取代", lifted: "已解除" }, types: { Alert: "预警", Update: "更新", Cancel: "解除" },
    statuses: { Actual: "实际", Exercise: "演练", System: "系统", Test: "测试" }, urgencies: { Immediate: "立即", Expected: "一小时内", Future: "将来", Past: "已过", Unknown: "未知" },
    severities: { Extreme: "特别严重", Severe: "严重", Moderate: "较重", Minor: "一般", Unknown: "未知" }, certainties: { Observed: "已发生", Likely: "很可能", Possible: "可能", Unlikely: "不大可能", Unknown: "未知" },
  },
};
