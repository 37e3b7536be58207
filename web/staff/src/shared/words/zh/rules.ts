export default {
  rule: {
    about: "设备报的数值本身不是事件, 规则说明什么时候是。改规则是写新版本, 先用历史读数试算, 再生效。", new: "写规则", rewrite: "写新版本", none: "还没有规则。", code: "编号 (小写字母、数字、-)", name: "名称", devices: "设备类型", allDevices: "全部设备",
    asText: "写成文本 (组合、时段)", definition: "定义 (JSON)", value: "数值名称", how: "条件", hows: { above: "高于", below: "低于", rises: "上升", falls: "下降", silent: "没有消息" }, limit: "界限", clear: "恢复值 (可空)",
    lasting: "持续 (分钟)", within: "时间 (分钟)", raises: "成为哪类事件", save: "存为一版", saved: "已存, 试算后可生效", versions: "各版本", version: "第 {n} 版", holds: "第 {n} 版生效中", holdsNot: "未生效", try: "用近 {days} 天试算", hold: "让它生效", stop: "停用", held: "已生效", stopped: "已停用",
    tried: "近 {days} 天会产生 {cases} 件事件, 涉及 {devices} 台设备 (共 {heard} 台, {readings} 个读数)。",
  },
};
