export default {
  map: {
    canvas: "地图", panel: "详情", zoomIn: "放大", zoomOut: "缩小", search: "查找地方或设施 (可用拼音)", legend: "图例",
    notRated: "未评", ranking: "{count} 个地方, 差的在前", noCards: "没有可看的五色卡", allAreas: "全部地方", useCentre: "取地图中心", relief: "地形",
  },
  surface: {
    title: "图面", measure: "指标", by: { cards: "五色卡", building: "逐楼", hexagon: "六边形" },
    measures: {
      minutes: "到最近一处的分钟", share: "时限内可达比例", scale: "供给达标率", quality: "品质", gravity: "重力可达性",
      supply: "人均供给", street: "可达道路", ground: "可达地面", need: "需求人口 (现在)", need_later: "需求人口 (5年后)", short: "供给缺口 (现在)", short_later: "供给缺口 (5年后)",
    },
    units: {
      minutes: "分钟", share: "占服务人群", scale: "占应有量", quality: "占满分", gravity: "{unit}, 按距离折减", supply: "{unit}/千人", street: "公里", ground: "公顷", need: "人", need_later: "人", short: "{unit}", short_later: "{unit}",
    },
    values: {
      minutes: "{value} 分钟", share: "{value} 可达", scale: "应有量的 {value}", quality: "品质 {value}", gravity: "{value} {unit} (折减后)",
      supply: "每千人 {value} {unit}", street: "{value} 公里", ground: "{value} 公顷", need: "{value} 人", need_later: "{value} 人", short: "缺 {value} {unit}", short_later: "缺 {value} {unit}",
    },
    about: {
      minutes: "往返中较慢的一程, 以人数最多的服务人群的步速计。", share: "服务人群中, 时限内能走到的人所占比例。",
      scale: "每人分得的供给占标准的比例, 不封顶 (高斯两步移动搜索法)。", quality: "实际使用的设施的品质, 按使用量加权。",
      gravity: "走得到的所有{unit}之和, 走得越久折减越多 (Hansen 1959; 高斯衰减, 到该类时限为 0)。",
      supply: "每千名服务人群分得多少{unit}, 由走得到的人共享 (高斯两步移动搜索法), 不封顶。",
      street: "时限内能走到并走回的道路长度。", ground: "这些道路所在的地面, 以 50 米方格计。", need: "每处住着多少该类服务人群。", need_later: "5 年后每处有多少该类服务人群: 按年龄组推移, 不计迁移。",
      short: "每处分得的供给比标准少多少{unit}。", short_later: "设施不变, 5 年后每处少多少{unit}。",
    },
    none: "附近没有", all: "全部", under: "{to} 以下", from: "{from} 及以上", over: "{from} 以上", shares: "百分比: 占居民",
    spot: "此处", home: "楼栋 {id}", residents: "居民 {count} 人", beyond: "其中 {count} 人附近没有",
    chooseType: "分钟、重力、人均供给等指标, 请先在上方选一个设施类型。", busy: "正在逐楼计算…", poorest: "最差的 {count} 处",
  },
  mode: { title: "点击地图时", look: "查看", here: "从这里出发", draw: "画方案", own: "图层" },
  card: {
    word: "五色卡", why: "为什么", parts: "四项得分", partNone: "不计", gap: "缺口", gapShort: "缺 {gap} {unit}", people: "服务人群",
    uncovered: "其中 {people} 人未覆盖", covered: "往返可达", compliance: "规范步速下 {share}", supply: "现有 / 应有",
    held: "受限社区占比", completeness: "数据完整度", answers: "满意度答卷 {count} 份", lift: "怎样提高一级", others: "这里的其他五色卡",
    edge: "位于边缘: 周边一圈的数据不全, 结果可能偏低。", overridden: "此项标准已由本区改定。",
  },
  part: { scale: "规模", coverage: "覆盖", quality: "品质", satisfaction: "满意度" },
  rule: {
    score: "按得分评定", coverage_cap: "覆盖率不足一半, 最高为黄", absent: "基础保障类缺失, 直接为红", failing: "安全或证照不合格, 直接为红",
    incomplete: "数据不足六成, 未评", nobody: "无服务人群", no_group: "缺少该人群数据, 未评", not_surveyed: "未调查此类设施, 未评",
    reported: "只报告不评级", worst_base: "受最差的基础保障类限制", closed: "已停用",
  },
  here: {
    title: "从这里出发", hintFrom: "点击地图, 选定起点。", hintTo: "再点击一处, 看走过去的路线。", hintMove: "再次点击可更换终点。",
    profile: "步行画像", way: "方向", again: "重新选起点", busy: "正在计算步行范围…", rings: "步行范围", within: "时限", area: "面积",
    streets: "可走道路", minutes: "{minutes} 分钟", journey: "步行路线", time: "用时", length: "路程", climb: "上升", descent: "下降",
    stairs: "台阶级数", start: "起点", end: "终点",
  },
  way: { both: "往返", out: "去程", back: "回程" },
  draw: {
    title: "画方案", hint: "画出设想中的改动, 当场与现状对比评级。台账不受影响。", tools: "改动方式", add: "新设施", facility: "改设施", close: "关闭通道",
    hintType: "先选一个类型。", hintAdd: "点击地图, 在该处增设。", hintFacility: "点击地图上的一个设施。", hintClose: "点击地图, 列出附近可以关闭的电梯、台阶和道路。",
    newCapacity: "容量 (现为 {now})", change: "改容量", remove: "撤除", closeIt: "关闭", nothingNear: "附近没有可关闭的通道。", busy: "正在重新评级…",
    list: "已画 {count} 项", undo: "撤销", undoAll: "全部撤销", enter: "记入台账", effect: "对五色卡的影响", shown: "地图显示", today: "现状", drawn: "方案",
    summary: "{cards} 张卡有变化: {rose} 张升级, {fell} 张降级", becomes: "变为", more: "另有 {count} 张变化更小的卡",
    said: { add: "新增{type}", change: "{name}: 容量改为 {capacity}", remove: "撤除{name}", close: "关闭{name}", way: "新{kind}" },
    way: "新通道", wayKind: "种类", hintWayFrom: "点击地图, 选定一端。", hintWayTo: "再点击另一端: 接到最近的路口。", wayAgain: "重选一端",
  },
  kind: { lift: "电梯", steps: "台阶", road: "道路", path: "步行道", escalator: "扶梯", crossing: "过街", tunnel: "地道", bridge: "天桥" },
  moving: {
    start: "移动位置", pin: "移到这里", hint: "点击地图或拖动标记, 或取地图中心, 或填经纬度。", needed: "请填写依据。",
    meanwhile: "{name} 刚刚修改过这个设施, 它现在位于 {lon}, {lat}。您选的位置还没有保存; 再次保存将以您的为准。",
  },
  matrix: { area: "地方", worstFirst: "差的在前", hint: "方向键移动, 回车打开地图" },
  runs: {
    new: "发起评估", again: "重新评估", stale: "评估之后, 设施数据又有变动。", shown: "图上的评估", one: "第 {number} 次 · {at} {title}", old: "这是第 {number} 次评估 ({at}), 不是最新的第 {latest} 次。设施点是名录现状。", seeLatest: "看最新的",
    title: "名称", number: "编号", state: "状态", by: "发起", finished: "完成",
    progress: "进度", cancel: "停止", start: "开始", draws: "不确定性抽样次数", drawsHint: "0 为不抽样; 抽样会给出各颜色的概率, 用时更长。", withDraws: "抽样 {count} 次",
    upkeep: "数据变动后自动评估", upkeepNever: "不自动", upkeepAfter: "静止 {count} 分钟后", upkeepKept: "已保存", automatic: "自动", walked: "重算 {count} 类",
    moments: "另评这些时刻 (默认周一 10:00)", states: { queued: "排队中", running: "评估中", done: "已完成", failed: "失败", cancelled: "已停止" },
  },
  moment: { Mo2000: "周一 20:00", Sa1000: "周六 10:00", Sa2000: "周六 20:00" },
  stage: {
    snapshot: "快照", read: "读取", network: "路网", snap: "落点", reach: "步行可达", grade: "评级", explain: "说明", draw: "抽样", write: "写出",
    cards: "入库", tables: "表格", manifest: "清单", report: "报告", map: "制图", workbook: "工作簿",
  },
  compare: { title: "两次评估对比", before: "之前", after: "之后", do: "对比", summary: "{cards} 张卡有变化: {rose} 张升级, {fell} 张降级" },
  publish: {
    title: "向居民公布", about: "选一个地方和要公布的五色卡; 居民无需登录即可查看该地方及其下各级。", since: "已于 {at} 公布。", see: "查看公布页",
    do: "公布 {count} 项", withdraw: "撤回", sure: "撤回后居民将看不到这些五色卡。", done: "已公布",
  },
};
