export default {
  chats: {
    about: "事件升到这一级还没人接, 就发到这个地方的工作群; 写明部门的, 该部门的事件一来就发 (P3–P5 在工作时间)。群里只有编号、类别、优先级、社区和链接, 没有门牌、姓名、电话。",
    off: "工作群未开启: 由运维以 LIFECIRCLE_CHATS 写明可用的种类 (wecom、dingtalk、feishu 或 apprise 的协议名)。", name: "名称", kind: "种类", department: "部门", anyDepartment: "不限, 按层级", upTo: "优先级", upToOne: "P1 至 {p}", onlyP1: "仅 P1",
    address: "机器人地址 (加密存放, 不再显示)", answer: "最近的回答", never: "尚未发送", new: "添加工作群", test: "发测试消息", tested: "对方收到了: {answer}", failed: "没有发出: {answer}", end: "停用", ended: "{when} 停用", sureEnd: "停用“{name}”? 地址随即删除。", none: "这里没有工作群",
    kinds: { wecom: "企业微信", dingtalk: "钉钉", feishu: "飞书" },
  },
};
