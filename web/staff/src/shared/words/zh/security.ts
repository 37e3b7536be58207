export default {
  security: {
    about: "第二步验证与通行密钥让别人即使知道密码也登录不了。这里的每次改动都记入审计。",
    set: "设置", remove: "移除", added: "添加于", used: "上次使用", on: "已启用", off: "未启用", confirm: "确认",
    totp: "验证器", totpAbout: "手机上的验证器应用 (如 Microsoft Authenticator、FreeOTP) 每半分钟给出一个六位数字, 登录时在密码之后填写。",
    scan: "用验证器应用扫描二维码, 或手工输入密钥, 再填写应用显示的六位数字。", image: "验证器的二维码", secret: "密钥", code: "六位数字",
    totpDone: "验证器已启用", totpGone: "验证器已移除", sureTotp: "移除验证器? 此后登录不再需要它的数字。",
    passkeys: "通行密钥", passkeysAbout: "用指纹、面容或锁屏密码登录, 不必输入密码; 也可作为密码之后的第二步。",
    passkeyName: "名称, 如“办公电脑”", passkeyAdd: "添加通行密钥", passkeyDone: "通行密钥已添加", passkeyGone: "通行密钥已移除",
    passkeyNone: "还没有通行密钥", rename: "改名", newName: "“{name}”的新名称", surePasskey: "移除通行密钥“{name}”? 此后不能用它登录。",
    passkeyKnown: "这台设备上已有本账号的通行密钥", passkeyCancelled: "没有完成: 已取消或超时",
    here: {
      host: "通行密钥只能用于域名, 不能用于数字地址。在本机请改用 {url}。",
      insecure: "通行密钥需要 https。请联系管理员。", browser: "这个浏览器不支持通行密钥, 请升级浏览器。",
    },
    codes: "恢复码", codesAbout: "手机丢失时, 用一个恢复码代替验证器或通行密钥。每个只能用一次。", codesLeft: "还有 {left} 个未用, 共 {all} 个。",
    codesNone: "启用验证器或通行密钥后自动生成。", codesNew: "重新生成", sureCodes: "重新生成恢复码? 原来的全部作废。",
    codesOnce: "这些恢复码只显示这一次, 请下载或打印, 放在安全的地方:", codesKept: "已保存好", download: "下载", codesFile: "生活圈恢复码-{name}.txt",
    sessions: "登录中的会话", sessionsAbout: "15 分钟无操作的会话自动退出。看到不认识的, 请结束它并修改密码。", browserName: "浏览器", from: "地址",
    since: "登录于", current: "本会话", end: "结束", endOthers: "结束其他全部会话", ended: "会话已结束", sureOthers: "结束其他全部会话? 那些浏览器须重新登录。",
    confirmTitle: "请确认是您本人", confirmAbout: "改动登录方式之前, 请再验证一次。", password: "密码", byPassword: "改用密码", byCode: "改用验证码", unconfirmed: "没有确认身份, 未作改动",
    wrongPassword: "密码不正确", refused: "没有成功, 请再试一次", unknownBrowser: "未知浏览器",
  },
};
