export default {
  accounts: {
    new: "新建账号", name: "姓名", email: "邮箱", firstPassword: "一次性密码", state: "状态", open: "可用", locked: "已锁定", lock: "锁定", unlock: "解锁", roles: "角色",
    role: "角色", last: "上次登录", grant: "授予角色", revoke: "收回", until: "有效期至 (可不填)", sureLock: "锁定 {name} 的账号?", sureRevoke: "收回 {name} 的角色“{role}”?",
  },
  role: {
    district_planner: "区规划员", command_operator: "指挥中心值班员", street_officer: "街道干部", community_worker: "社区工作者", grid_worker: "网格员",
    department_officer: "部门干部", service_operator: "服务运营方", council_member: "居民议事会成员", system_administrator: "系统管理员",
    security_administrator: "安全管理员", auditor: "审计员",
  },
  audit: {
    at: "时间", name: "何人", action: "操作", target: "对象", allowed: "结果", yes: "允许", denied: "拒绝", address: "地址", detail: "详情", since: "自",
  },
  tokens: {
    about: "给代您办事的程序使用, 只含您选的权限。", once: "令牌只显示这一次, 请妥善保存:", name: "用途", rights: "权限", expires: "到期", used: "上次使用", revoke: "收回",
    none: "还没有令牌", new: "新建令牌", days: "有效天数", make: "生成", sure: "收回令牌“{name}”? 使用它的程序将无法再访问。",
  },
  right: {
    place_read: "查看地方", place_write: "修改地方", facility_read: "查看设施", facility_write: "修改设施", card_read: "查看五色卡", assessment_run: "发起评估",
    assessment_publish: "公布五色卡", resident_read: "查看居民 (脱敏)", resident_reveal: "查看居民信息", resident_write: "登记居民", account_read: "查看账号",
    account_write: "管理账号", role_grant: "授予角色", audit_read: "查看审计", district_load: "载入区数据", layer_write: "管理图层", project_read: "查看项目", project_write: "编制项目", project_approve: "批准与验收项目",
  },
  residents: {
    about: "姓名与电话已脱敏。查看本人信息须说明用途, 并记入审计。", new: "登记居民", name: "姓名", phone: "电话", born: "出生年代", decade: "{decade} 年代", birthYear: "出生年份",
    groups: "人群", consent: "本人同意", purpose: "用途", given: "同意日期", keepUntil: "保存至", reveal: "查看", revealTitle: "查看 {name} 的信息",
    revealAbout: "请选择用途。这次查看会记入审计。", erase: "清除", sureErase: "清除 {name} 的个人信息? 清除后无法恢复。",
  },
  purpose: { service: "日常服务", elder_care: "养老照护", emergency: "应急救助", survey: "入户调查", statistics: "统计" },
  group: {
    elder_60: "60 岁及以上", elder_75: "75 岁及以上", elder_living_alone: "独居老人", infant_0_2: "0–2 岁婴幼儿", child_0_14: "0–14 岁儿童", child_3_5: "3–5 岁儿童",
    child_6_11: "6–11 岁儿童", child_12_14: "12–14 岁少年", adult_15_59: "15–59 岁", riders: "骑手", residents: "居民", households: "家庭", child_and_youth: "青少年儿童",
  },
};
