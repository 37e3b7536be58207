export default {
  project: {
    many: "项目", about: "从缺口到验收: 储备、年度清单、实施、成效。", new: "新建项目", fromCard: "立项", ref: "编号", name: "项目名称", what: "项目说明", place: "地方",
    type: "设施类型", kind: "类别", kinds: { new: "新增设施", enlarge: "扩建设施", way: "电梯与步道", other: "其他" }, space: "使用的闲置空间 (编号)", facility: "设施 (编号)",
    area: "规划面积 (m²)", capacity: "规划规模", people: "承诺新覆盖人数", horizon: "时限", horizons: { near: "近期实施", later: "中远期储备" }, department: "牵头部门",
    supporting: "配合部门 (以顿号分隔)", responsible: "责任人 (用户名)", starts: "开始日期", due: "完成日期", pilot: "试点项目", state: "状态", score: "评分", planned: "预算 (元)", spent: "支出 (元)",
    states: { idea: "设想", reserve: "储备", listed: "列入年度", approved: "已批准", building: "实施中", accepted: "已验收", dropped: "已撤销" },
    late: "逾期 {days} 天", lateOnly: "只看逾期的", views: { table: "列表", board: "看板", time: "进度", map: "地图", goals: "工作目标", sites: "选址方案", lists: "年度清单", proofs: "成效" }, view: "查看方式", report: "月报 XLSX",
    totals: "{count} 个项目, 预算 {planned} 元, 支出 {spent} 元", lateTotal: "逾期 {count} 个", back: "全部项目", saved: "已保存", unsaved: "有未保存的修改", meanwhile: "刚刚有人修改过, 已读取最新内容, 请重新填写您的修改。",
    evidence: "立项依据", then: "立项时的卡片", born: "{name} 录入于 {day}", from: "复制自试点 {ref}", facts: "基本情况", scores: "四项条件", reason: "理由", scoreHint: "每项 0–5 分, 并说明理由",
    criteria: { need: "居民有需求", basis: "启动有基础", fit: "软硬件有搭配", landing: "落地有项目" }, money: "资金", year: "年度", source: "来源", steps: "节点", step: "节点名称", stepDue: "应完成", stepDone: "已完成",
    risks: "风险", risk: "风险", likelihood: "可能性 (1–5)", impact: "影响 (1–5)", response: "应对", closed: "已解除", add: "添加一行", drop: "删除第 {k} 行", history: "经过",
    to: { idea: "退回设想", reserve: "进入储备", building: "开工", dropped: "撤销" }, note: "说明 (撤销必填)", accept: "验收", acceptHint: "验收后名录随之改变, 并请求一次评估。", on: "验收日期",
    accepted: "已验收, 评估完成后可看成效", sureAccept: "验收“{name}”? 设施名录将随之改变。", copy: "复制到", copied: "已复制 {count} 个", proof: "成效", waiting: "等待评估完成…",
    happy: "满意度", before: "之前", after: "之后", newly: "新覆盖人数", promised: "承诺", turned: "变色的地方", none: "没有变色的地方",
    listNew: "新建年度清单", listTitle: "清单名称", listAdd: "加入清单", listOff: "移出", approve: "批准清单", sureApprove: "批准“{name}”? 批准后清单冻结。", approvedBy: "{name} 批准于 {day}", listEmpty: "清单中还没有项目", draft: "草稿",
    what_: { created: "录入", changed: "修改", budget: "资金", milestones: "节点", risks: "风险" },
  },
  classes: {
    about: "每个地方按总体卡片分档: 做什么、为什么; 总体与八个专项圈 (1+8) 并排。", act: "分档", three: "一图一表一清单", overall: "总体", reasons: "主要原因", more: "另有 {count} 项", none: "没有红、橙类型", uncovered: "{people} 人走不到", back: "五色矩阵", project: "立项",
  },
  proposal: {
    about: "在闲置空间里安排什么、哪一年建: 先给出一个方案, 再在限定时间内改进, 并说明离最优至多差多少。", title: "方案名称", budgets: "逐年预算 (元, 以逗号分隔; 留空不限)", kinds: "设施类型 (留空为全部)",
    fair: "公平", fairs: { 0: "人人相同", 1: "缺得多的多算", 2: "优先最缺的" }, seconds: "求解时间", secondsOf: "{n} 秒", exact: "再用整数规划求解", fromYear: "首年", ask: "求解", state: "状态",
    states: { queued: "排队中", running: "求解中", done: "完成", failed: "无解", cancelled: "已停止" }, soFar: "{seconds} 秒, 距最优不超过 {gap}", gap: "距最优不超过", options: "备选项", builds: "建设项", serves: "计划新增服务 (人)",
    cost: "费用 (元)", each: "每人 (元)", worst: "最低社区", spread: "社区间差距", turned: "变色的卡片", cancel: "停止", open: "查看", year: "第 {year} 年", space: "闲置空间", area: "面积 (m²)", reached: "其中新覆盖", byType: "分类型", pick: "选入项目",
    make: "立项 {count} 处", made: "已立项 {count} 处", notes: "说明", all: "全部",
  },
};
