export default {
  home: {
    about: "备用钥匙放在哪里, 家里有什么要留意。经本人同意登记, 加密存放; 只有接了此户事件的人在处置期间能看, 每次查看留痕。撤回或到期即删除。", new: "登记入户须知", change: "修改", place: "地方", door: "门牌", doorHint: "写明楼栋, 如 3栋2单元501; 与设备、事件里的门牌一致才能对上", resident: "同意人姓名",
    key: "备用钥匙在哪里、由谁保管", keyHint: "如: 网格站, 3号钥匙箱; 邻居李家, 301", hazards: "留意", note: "说明", consentOn: "同意日期", keepUntil: "保存至", hasKey: "有钥匙", count: "{n} 项", none: "还没有入户须知。", back: "返回居民",
    reveal: "查看", revealed: "本次查看已留痕", withdraw: "撤回同意", sureWithdraw: "本人撤回同意或已搬走? 删除后无法恢复。", withdrawn: "已删除", entered: "已登记", changed: "已保存", keyAt: "备用钥匙", asOf: "{on} 经本人同意登记", nothing: "没有登记门牌和联系人。", call: "拨打{who} {phone}", reporter: "报告人",
    kinds: { oxygen: "家用氧气", gas_bottle: "液化气瓶", battery: "电动车电池", dog: "有狗", dark_stairs: "楼道无灯", clutter: "堆物", cannot_walk: "行动不便" },
  },
};
