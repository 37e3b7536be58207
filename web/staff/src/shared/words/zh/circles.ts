export default {
  circle: {
    about: "划定、建设、验收: 每个生活圈由连成一片的社区或网格组成, 像地方一样有五色卡。", draw: "手工划定", propose: "自动划圈", targets: "目标与进度", list: "全部生活圈", none: "还没有生活圈。",
    name: "名称", members: "成员", people: "居民", beyond: "超出上下限 {count} 人", inBounds: "5万–10万人之内", unknown: "人数未登记", card: "总体卡片", noCard: "待评估", state: "状态",
    states: { planned: "规划", building: "建设中", accepted: "已验收", demonstration: "示范" }, to: { planned: "退回规划", building: "开工建设", accepted: "验收", demonstration: "评为示范" },
    drawing: "点地图上的社区加入或移出, 须连成一片。", drawingList: "已选 {count} 个社区, {people} 人", save: "保存生活圈", redraw: "调整成员", cancel: "取消", dissolve: "撤销", sureDissolve: "撤销“{name}”? 成员社区不受影响。",
    made: "已保存", dissolved: "已撤销", count: "圈数 (留空为任意)", least: "每圈至少 (人)", most: "每圈至多 (人)", hard: "上下限必须满足", by: "以此为单元", find: "求解", finding: "正在求解…", found: "{count} 种划法, 各有所长", adopt: "采用", adopted: "已采用 {count} 个生活圈",
    wishes: { compact: "步行最近", streets: "不拆街道", even: "人数均衡", between: "兼顾" }, walk: "到中心 {minutes} 分钟", split: "{share} 与街道分开", uneven: "{share} 不均", show: "在图上看",
    target: "到 {on} 累计 {circles} 个", targetNow: "已验收 {accepted} 个", targetSet: "设定目标", targetLines: "每行: 日期 个数, 如 2027-12-31 11", saved: "已保存", life: "经过", note: "说明 (退回必填)", acceptBy: "按清单验收", map: "生活圈地图", open: "查看“{name}”",
    move: "流转", back: "返回全部", checks: "验收清单", synthetic: "演示",
  },
  check: {
    about: "试点和验收的清单: 名录能判断的自动判断, 其余由人核对; 人的判断优先。", list: "清单", place: "地方", counts: "具备 {met} 项, 缺 {unmet} 项, 待核 {open} 项", item: "条目", norm: "要求", verdict: "结论",
    met: "具备", unmet: "缺", open: "待核", byRegister: "名录", byPerson: "{name}: {note}", yes: "具备", no: "缺", take: "收回", note: "依据", say: "核对“{name}”", said: "已记录", proposal: "清单为建议稿", verify: "数值待核", source: "来源: {source}", choose: "请选择地方。",
  },
  goal: {
    many: "工作目标", about: "每个地方要在什么时候做到什么、谁负责、做到哪一步。", new: "新建目标", name: "目标", unit: "单位", start: "起始值", target: "目标值", starts: "开始", due: "截止", department: "责任部门", owner: "责任人 (用户名)", counts: "按验收项目自动统计 (设施类型)",
    screen: "大屏位置 (0 为不上屏)", value: "现值", standing: "进展", standings: { done: "完成", on_track: "正常", behind: "滞后", overdue: "逾期" }, report: "填报", reportOf: "填报“{name}”", on: "日期", note: "说明", end: "结束", sureEnd: "结束“{name}”? 记录会保留。", place: "地方", saved: "已保存", auto: "自动", of: "{value} / {target} {unit}", none: "还没有工作目标。",
  },
  file: {
    many: "文件与照片", none: "还没有文件。", add: "添加文件", title: "标题", choose: "选择文件 (PDF、Office、图纸、照片, 不超过 30 MiB)", remove: "删除“{name}”", sure: "删除“{name}”?", removed: "已删除", by: "{name} {when}",
  },
  package: { out: "OC4IDS", in: "导入 OC4IDS", about: "开放承包基础设施项目包 (JSON): 其中没有的项目作为设想录入。", file: "项目包", place: "位置不明的项目归入", done: "录入 {made} 个, 已有 {known} 个", pdf: "月报 PDF" },
  demand: {
    about: "每类服务人群有多少、走不到的有多少、还缺多少; 现在与 5 年后 (按年龄推移, 设施不变)。", byType: "一类设施, 各地方", byPlace: "一个地方, 各类设施", type: "设施类型", place: "地方", people: "服务人群", beyond: "走不到", needed: "应有", received: "分得", short: "缺口", now: "现在", then: "5 年后", use: "利用率", wished: "最希望增加", satisfaction: "满意度", answers: "{count} 份", onMap: "在图上看", level: "层级", years: "年数",
  },
};
