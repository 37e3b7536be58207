export default {
  case: {
    about: "报警、报修、投诉、探访: 每件事从登记到办结只走一条路, 到时没人接就逐级上报。不替代 119、120、110。", report: "登记事件", reported: "已登记 {ref}", ref: "编号", title: "事项", kind: "类别", place: "地方", state: "状态", priority: "优先级",
    holder: "承办人", nobody: "无人承办", opened: "登记", next: "时限", source: "来源", tier: "层级", search: "按编号或事项查找", openOnly: "只看未结", mine: "只看我的", all: "全部", none: "没有符合条件的事件。", drill: "演练", details: "情况说明", door: "门牌 (加密, 只给承办人看)", reporter: "报告人 (加密)",
    states: { received: "待接", assigned: "已指派", accepted: "已接单", on_site: "已到场", resolved: "已办结", verified: "已核实", closed: "已归档", merged: "已合并", handed: "已外转" },
    sources: { device: "设备", resident: "居民", worker: "工作人员", inspection: "巡查", hotline: "热线", open311: "Open311" }, tiers: { grid: "网格", community: "社区", street: "街道", district: "区" },
    clocks: { answer: "接单", arrive: "到场", close: "办结" }, left: "{clock}还剩 {span}", over: "{clock}超时 {span}", paused: "已暂停", spans: { s: "{n} 秒", min: "{n} 分", h: "{n} 小时", d: "{n} 天" },
    moves: { assign: "指派", accept: "接单", decline: "不归我", hand_up: "上报", arrive: "到场", resolve: "办结", send_back: "退回", verify: "核实", close: "归档", reopen: "重开", hand_off: "转外部单位", take_back: "收回" },
    assignee: "承办人 (用户名)", body: "外部单位", note: "说明", make: "确定", made: "已{move}", pause: "暂停计时", resume: "恢复计时", hold: "保全个人信息", release: "不再保全", heldNote: "个人信息已保全, 到期不清除。", forgottenNote: "{on} 起, 联系人、门牌、报告人已到期清除。", checklist: "处置要点", clocksTitle: "时限", history: "经过", told: "通知", showDoor: "查看门牌和联系人", seen: "查看已留痕",
    rate: "登记回访评价", ratings: { satisfied: "满意", fairly: "基本满意", dissatisfied: "不满意 (重开)" }, rated: "已登记评价", back: "返回全部", department: "建议部门", again: "又报", byDevice: "设备", done: "{when} 完成", due: "{when} 前",
    events: { received: "登记", again: "又报一次", escalated: "通知 {tier}: {names}", nobody: "{tier}无人在岗, 上报下一级", paused: "暂停计时", resumed: "恢复计时", merged: "合并到 {into}", joined: "并入 {of}", split: "拆出 {into}", rated: "评价: {rating}", meeting: "召集会商: {names}", photo: "照片", photo_removed: "删除照片", cleared: "设备解除报警, 仍须查看", order_proposed: "提出派单 {order} ({doer}, {total} 元)", order_changed: "修改派单 {order} ({doer}, {total} 元)", order_approved: "批准派单 {order} ({total} 元)", order_done: "派单 {order} 完工 ({total} 元)", order_withdrawn: "撤回派单 {order}", outside_sent: "交 {body} 协办", outside_told: "向 {body} 发送链接", outside_ended: "停用 {body} 的链接", outside_accepted: "{name} 接收", outside_note: "说明", outside_photo: "照片", outside_done: "称已办完, 待核查", outside_declined: "退回", held: "保全个人信息", released: "不再保全", forgotten: "个人信息已到期清除" },
    who: { resident: "本人", family: "家属", neighbour: "邻居" },
    steps: { photo: "拍照", photo_removed: "删照片", received: "登记", again: "又报", escalated: "上报", nobody: "无人在岗", paused: "暂停", resumed: "恢复", merged: "合并", joined: "并入", split: "拆分", cleared: "设备解除", rated: "评价", meeting: "会商", order_proposed: "提派单", order_changed: "改派单", order_approved: "批派单", order_done: "派单完工", order_withdrawn: "撤派单", outside_sent: "交协办", outside_told: "发链接", outside_ended: "停链接", outside_accepted: "外部接收", outside_note: "外部说明", outside_photo: "外部照片", outside_done: "外部办完", outside_declined: "外部退回", held: "保全", released: "解除保全", forgotten: "已清除" },
    channels: { app: "平台", sms: "短信", voice: "语音", work: "工作应用", chat: "工作群", push: "推送" }, toldStates: { queued: "待发", sent: "已发", delivered: "已送达", failed: "未送达", off: "未接入或已取消" },
  },
  evaluation: {
    title: "办理评价", about: "小事不出网格、大事不出社区: 各地方受理的事, 多少按期办结、一次办好、居民满意。", since: "从", until: "到", received: "受理", settled: "办结", settled_share: "结案率", in_time: "按期结案率", answered_in_time: "按期接单率",
    once: "一次办结率", satisfied: "满意率", in_grid: "网格内办结率", points: "得分", cost: "维修费用 (元)", places: "各地方", months: "各月", kinds: "各类别", one: { places: "地方", months: "月份", kinds: "类别" },
    proposal: "口径参照 GB/T 30428.4, 权重为建议值 (按期结案 35%、结案 25%、一次办结 20%、满意 20%)。演练不计。",
  },
};
