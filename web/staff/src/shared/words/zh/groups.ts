export default {
  groups: {
    about: "跨部门、跨街道办一件事的人。牵头人与成员都是工作人员账号, 改动记入审计。", withEnded: "也列出已结束的", name: "名称", task: "任务", lead: "牵头人", leadName: "牵头人的用户名",
    members: "成员", since: "起止", none: "这里没有专班", new: "新建专班", change: "修改", show: "查看", end: "结束专班", sureEnd: "结束“{name}”? 结束后不能再改。", remove: "移出",
    newcomer: "新成员的用户名 (须完全一致)", add: "加入",
  },
};
