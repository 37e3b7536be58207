export default {
  roster: {
    about: "谁在什么时候值班。事件先找值班的人; 无人值班的时段按角色通知, 找不到就上报下一级。时间为平台时间。", place: "地方", week: "{from} 至 {to}", before: "上一周", after: "下一周", thisWeek: "本周", choose: "请选择地方。",
    now: "现在 {time} 在岗", nobodyNow: "现在 {time} 无人值班", instead: "按角色通知: {names}", nobodyInstead: "此地没有可通知的人, 事件立即上报下一级", none: "此地没有排班。",
    grid: "{place} 一周值班表", shift: "班次", days: { d0: "周一", d1: "周二", d2: "周三", d3: "周四", d4: "周五", d5: "周六", d6: "周日" }, today: "今天", past: "已过去的日子", carried: "接上周", hole: "无人值班", holes: "空班", noHoles: "无空班", fill: "补上 {day} {starts}–{ends}", nextDay: "次日 {time}", free: "–",
    standsIn: "替 {name}", onDuty: "在岗", over: "已结束", handed: "已交接", away: "账号停用, 视为空班", open: "{name}, {day} {starts}–{ends}",
    ahead: "未来 7 天有空班", aheadNone: "未来 7 天没有空班 (只看已排班的地方)。", aheadLine: "共 {hours} 小时, 最早 {day} {starts}", more: "还有 {n} 处", less: "收起",
    plan: "排班", planTitle: "{place}: 排班", people: "值班人 (多人按顺序轮流)", peopleHint: "在此地及上下级承办事件的人", starts: "开始", ends: "结束 (不晚于开始即为次日)", since: "自", until: "至", oneDay: "只这一天", oneWeek: "一周", oneMonth: "一个月", weekdays: "星期", note: "备注", will: "将排 {n} 班", willNone: "所选日期没有这些星期", made: "新排 {made} 班", same: ", 已有 {same} 班未变", empty: ", {empty} 行没有填人",
    acts: "{name} 的班次", replaced: "替班人", nobody: "不替班", replace: "替班", replacedDone: "已安排替班", handOver: "现在交接", handNote: "交接内容 (下一班要知道的事)", handedDone: "已交接", takeOff: "从值班表移除", sureOff: "移除 {name} {day} {starts} 的班次?", takenOff: "已移除",
    table: "用表格排班", tableTitle: "{place}: 用表格排一个月", month: "月份", form: "下载空表 (已列出每天白班、夜班和可值班人员)", file: "填好的表格 (XLSX 或 CSV)", fileHint: "一行一班; 值班人填姓名或用户名。全部通过才排班, 有误逐行列出; 已有且一致的班次自动跳过。", upload: "上传排班",
  },
};
