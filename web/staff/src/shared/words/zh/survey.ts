export default {
  survey: {
    title: "离线核查", online: "有网络", offline: "没有网络", back: "回到平台", list: "设施", find: "查找名称、编号", onlyStale: "只看久未核实的", onlyWaiting: "只看待发的",
    ready: "可离线打开", notReady: "正在存入手机, 请勿断网…", failed: "没能存入手机, 断网后将打不开", impossible: "此网址不是 https, 断网后打不开",
    waiting: "{count} 条待发送", none: "没有待发送的", send: "发送", refresh: "重新取名录", taken: "名录取于 {at}, {count} 处", cut: "设施太多, 只取了前 {count} 处。",
    login: "登录", mustLogin: "请先登录: 第一次使用需要网络。", loginToSend: "登录已失效, 记录都还在; 重新登录后发送。", others: "另有 {count} 条属于其他用户, 由本人登录后发送。",
    mayNot: "您的角色不能修改名录。", offlineSend: "暂时连不上服务器, 记录都还在, 有网络后自动发送。", kept: "待发的记录未加密地存在本机浏览器里; 只有设施信息, 没有个人信息。",
    new: "新增设施", same: "已核实, 一切如旧", note: "记下修改", cancel: "返回列表", source: "依据", onSite: "现场核查", here: "用手机定位", locating: "正在定位…",
    noPosition: "手机没有给出位置, 请手工填写经纬度。", accuracy: "定位误差约 {m} 米", needed: "请填写名称、类型和位置。", km: "{m} 米",
    state: { waiting: "待发送", refused: "被拒绝", conflict: "有冲突" }, drop: "丢弃这条记录", sureDrop: "丢弃对“{name}”的记录? 丢弃后无法找回。",
    conflict: "您离线时有人改过这处设施。请逐项对照后选择。", field: "项目", mine: "我的", theirs: "现有的", was: "原来", takeMine: "用我的", takeTheirs: "用现有的", gone: "没有了",
    refused: "平台没有接受: 请改正后再发送, 或丢弃。", more: "还有 {count} 处, 请用查找缩小范围。", checkedOnly: "您记的是“一切如旧”, 但内容已经变了。",
  },
};
