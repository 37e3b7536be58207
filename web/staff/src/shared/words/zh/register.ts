export default {
  facility: {
    many: "设施", ref: "编号", name: "名称", type: "类型", place: "地方", capacity: "容量", floor_area_m2: "建筑面积 (m²)", hours: "开放时间", operator: "运营方",
    level: "服务层级", levels: { community: "社区级", street: "街道级", city: "区级、市级" }, lon: "经度", lat: "纬度", condition: "设施状况 (1–5)",
    utilisation: "使用率 (0–2)", operating: "在运营", open_as_stated: "按公示时间开放", barrier_free: "无障碍", safe: "安全检查合格", licensed: "证照齐全",
    fields: "设施各项", checked: "核实日期", never: "从未核实", stale: "久未核实", surround: "周边", new: "新增设施", edit: "在台账中编辑", open: "在台账中查看",
    needed: "请填写名称、类型和依据。", remove: "撤出台账", sure: "把“{name}”撤出台账? 历史仍会保留。", removedHere: "台账管理", meanwhile: "{name} 刚刚修改过这个设施, 已读取最新内容, 请重新填写您的修改。",
  },
  space: {
    many: "闲置空间", about: "空着或有空档的房屋场地: 可以改作什么, 什么时候可以共享。", new: "新增闲置空间", fields: "闲置空间各项", textHint: "名称或编号",
    area_m2: "面积 (m²)", cost_cny: "改造费用 (元)", floor: "楼层 (1 = 首层)", free_from: "可用年份", allowed_types: "可用作", anyType: "未限定", shared_hours: "可共享时间", and: "、",
    hoursHint: "与开放时间写法相同, 如 Mo-Fr 18:00-21:00 (周一至周五晚上)。留空表示全时空闲。", needed: "请填写名称、面积和位置。",
    remove: "移出清单", sure: "把“{name}”移出闲置空间清单?", meanwhile: "刚刚有人修改过, 已读取最新内容, 请重新填写您的修改。",
  },
  photo: {
    many: "照片", none: "还没有照片。", add: "添加照片", file: "照片文件", caption: "说明", captionHint: "如: 正门", one: "{name}的照片 {k}", taken: "摄于 {day}",
    by: "{name} 添加于 {when}", remove: "删除照片", sure: "删除这张照片? 删除后无法恢复。", removed: "已删除", smaller: "收起",
    limits: "JPEG、PNG 或 WebP, 每张不超过 15 MiB, 每处最多 10 张。拍摄位置等信息不会保留; 请勿拍入人脸。", full: "已有 10 张照片; 要添加, 请先删除一张。",
  },
  said: { source: "依据", sourceHint: "如: 现场核查、民政局名册", on: "截至日期" },
  history: { title: "历史", none: "尚无修改记录; 现有内容来自载入的数据包。", field: "字段", value: "内容", by: "记录人" },
  export: { title: "导出", xlsx: "Excel (XLSX)", csv: "CSV", geojson: "GeoJSON", parquet: "GeoParquet", gpkg: "GeoPackage" },
  import: {
    title: { facilities: "导入设施", spaces: "导入闲置空间" }, short: "导入", about: "上传表格后先看会改什么, 再决定是否应用; 应用后可以整批撤回。", back: { facilities: "回到台账", spaces: "回到闲置空间" }, file: "表格文件 (CSV、XLSX、GeoJSON、GeoPackage、GeoParquet)",
    columns: {
      facilities: "列名与导出的表格相同: id、name、type、lon、lat 必填, 其余可省; 空格表示不变。",
      spaces: "列名与导出的表格相同: id、name、area_m2、lon、lat 必填, 其余可省; 空格表示不变。",
    },
    crs: "坐标系", crsOf: { EPSG4326: "WGS84", GCJ02: "GCJ-02 (国测局)", BD09: "BD-09 (百度)" }, preview: "上传并预览", state: "状态",
    states: { preview: "预览, 尚未改动", applied: "已应用", undone: "已撤回" }, new: "新增", changed: "修改", refused: "拒绝", changes: "将有的改动",
    issues: "被拒绝的行与提醒", kind: "方式", what: "内容", apply: "应用 {count} 项改动", applied: "已应用", undo: "整批撤回", undone: "已撤回", again: "另传一个文件",
  },
  unit: {
    seats: "个学位", places: "个托位", beds: "张床", m2: "平方米", m: "米", centres: "个中心", stations: "个站", points: "个点", complexes: "个综合体",
    outlets: "个网点", devices: "台", share: "台", stops: "个站点", spaces: "个车位", units: "套", rooms: "间", meals_per_day: "份/日", people: "人",
  },
};
