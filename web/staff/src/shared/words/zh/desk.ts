export default {
  desk: {
    back: "返回", views: "工作台", cases: "事件", patrols: "巡查", patrol: "巡查", state: "网络与待发送", next: "下一步", all: "打开完整事件列表", mayNot: "您的角色不承办事件。", mustLogin: "请先登录: 第一次使用需要网络。",
    kept: "待发送的内容和接单事件的门牌、联系人、入户须知未加密地存在本机浏览器里; 办结、退出登录后即删除。", unsent: "{count} 项待发送", allSent: "全部已发送", taken: "取于 {at}", refresh: "更新", bell: "开启提醒", bellOn: "提醒已开", noticeBody: "{place} · 等您接单",
    push: {
      name: "页面关掉也提醒这部手机", hint: "通知经浏览器厂商的推送服务发来, 只有编号、类别、优先级和社区。", since: "{at} 起已开启", others: "也会提醒的其他浏览器", other: "{name}, {at} 起", remove: "不再提醒",
      operator: "页面关掉后没有推送: 平台未开启 (由运维设置), 请靠短信和电话。", browser: "页面关掉后没有推送: 此浏览器不支持 (iPhone 须先加到主屏幕, 再从主屏幕打开)。", denied: "页面关掉后没有推送: 浏览器已禁止本站通知, 请在浏览器的网站设置里允许。",
      noService: "没有开启: 这部手机连不上浏览器的推送服务 (国内不少安卓手机如此)。短信和电话不受影响。", notTaken: "最近一次没有送达: {answer}", refused: "没有开启: 您没有允许通知。",
    },
    part: { mine: "我承办的", waiting: "等我接单的", given: "已办, 待发送" }, none: "手上没有事件。", doorKept: "办结后从手机删除", history: "全部经过和更多操作", reportKept: "已记下", reportNeeds: "请选类别、地方, 填写事项。", doorAfter: "接单后可查看门牌。", doorLater: "有网络并发送后才能查看门牌。",
    seenTo: "处置要点 (已做的打勾)", noteNeeded: "请填写说明。", do: "确认{move}", say: { resolve: "怎么处置的", decline: "为什么不归我", hand_up: "为什么要上级处理" },
    conflict: "有人先一步处理了", refused: "平台没有接受", yours: "您的", theirs: "现在", why: "原因", cannot: "现在的状态已不能这样流转。", insist: "仍然{move}", leave: "以现在的为准", drop: "丢弃", sureDrop: "丢弃“{what}”? 丢弃后无法找回。",
    way: "怎么走", toPlace: "没有具体位置, 走到{place}内的一点。", fromHere: "从我这里走", fromStation: "从社区服务站走", wayOffline: "没有网络: 之前查过的路线才能看。", noPosition: "手机没有给出位置, 可从社区服务站走。", noStation: "台账里没有您社区的服务站。",
    photo: "照片", waits: "待发送", when: { before: "处置前", after: "处置后" }, take: { before: "拍处置前", after: "拍处置后", finding: "拍照" }, picture: "照片预览", cover: "有人脸、车牌、门牌时, 点一下或画一个框盖住 (键盘: 方向键移动, 回车盖住)。盖住后无法还原; 位置和相机信息不会上传。", covered: "已盖住 {count} 处", use: "使用这张", again: "重新来", photoTaken: "已拍照",
    dueNow: "该巡查的", noDue: "没有巡查计划。", every: { day: "每天", week: "每周", month: "每月" }, dueBy: "{day} 前", doneOn: "{day} 已巡查", missed: "上一期漏了", patrolWaits: "✓ 已巡查, 待发送", figures: "近30天: 应巡查 {due} 次, 按期 {done} 次 ({share}); 未整改问题 {open} 项。",
    plan: "安排巡查", list: "清单", often: "多久一次", endPlan: "停止", sureEnd: "停止{place}的“{name}”巡查?", answers: { ok: "符合", not_ok: "不符合", not_applicable: "不适用" }, whatIsWrong: "什么问题", unanswered: "还没有回答: {point}", finish: "完成巡查", patrolKept: "巡查已记下",
  },
};
