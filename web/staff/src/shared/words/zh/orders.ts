export default {
  order: {
    title: "维修派单", propose: "提出派单", none: "没有派单。", number: "派单 {number}", what: "做什么", doer: "承做", firm: "外部单位", group: "工作专班", most: "费用上限 (元, 可不填)", total: "合计", upTo: "上限 {yuan}",
    lines: "明细", sort: "类型", sorts: { part: "材料", labour: "人工" }, name: "名称", unit: "单位", quantity: "数量", price: "单价 (元)", amount: "金额", add: "加一行", drop: "删除第 {k} 行",
    states: { proposed: "待批", approved: "已批准", done: "已完工", withdrawn: "已撤回" }, tier: "须{tier}批准", proposedBy: "{who} 提出", approvedBy: "{who} 批准",
    approve: "批准", change: "修改", finish: "登记完工", withdraw: "撤回", doneBy: "完工人", doneOn: "完工日期", warranty: "质保至 (可不填)", doneLine: "{who} {day} 完工", until: "质保至 {day}", actual: "实际明细与批准的不同", reason: "原因", again: "修改后须重新批准。", said: { propose: "已提出派单", change: "已修改派单", approve: "已批准", finish: "已登记完工", withdraw: "已撤回" },
  },
  outside: {
    title: "外部协办", hand: "给外部单位发链接", none: "没有交给外部单位。", about: "对方没有账号, 凭链接查看和答复。链接只显示这一次。", body: "单位名称", ask: "协办内容", askAbout: "对方只看到这里写的, 看不到标题、情况说明和报告人。请勿写姓名、电话。", which: "交办", whole: "整件事件", door: "让对方看到门牌", photos: "让对方看到的照片", photo: "照片 {id}", days: "有效天数", channel: "发送链接", channels: { "": "不发送, 自己复制", sms: "短信", email: "邮件" }, to: "号码或地址", make: "生成链接",
    made: "链接已生成, 只显示这一次", copy: "复制", copied: "已复制", told: "已发送", notTold: "没有发出去, 请自行复制转交。", close: "知道了", end: "停用", sure: "停用后对方打不开链接。停用 {body} 的链接?", ended: "已停用",
    states: { sent: "已交办", accepted: "已接收", done: "称已办完", declined: "已退回", ended: "已停用", expired: "已过期" }, looked: "{when} 打开过", never: "还没打开过", until: "{when} 前有效", by: "外部单位: {body}",
    page: {
      title: "协办事项", gone: "链接无效或已失效", goneAbout: "链接可能已过期或已停用。如需继续协办, 请联系交办单位重新生成。", for: "致 {body}", due: "请在 {when} 前办完", paused: "已暂停计时", place: "地方", door: "门牌", ask: "协办内容", work: "工作内容", photos: "照片", photo: "照片 {k}", own: "你方照片 {k}", contact: "咨询: {contact}", until: "此链接 {when} 前有效, 请勿转发。",
      accept: "接收", name: "你的姓名", acceptAbout: "接收后由你负责答复。", acceptedBy: "{name} 已接收", note: "说明", send: "发送说明", sent: "已发送", added: "照片已发送", done: "报告办完", doneAbout: "做了什么。交办单位会来核查, 由他们办结。", decline: "退回", declineAbout: "为什么不能办。", reason: "退回原因", result: "办理情况", thanks: "已报告办完, 谢谢。", thanksAbout: "交办单位正在核查, 此处不再显示事件内容。", declined: "已退回。", declinedAbout: "交办单位会另行安排, 此处不再显示事件内容。", retry: "再试一次",
    },
  },
};
