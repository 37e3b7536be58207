import "element-plus/theme-chalk/base.css";
import "element-plus/theme-chalk/dark/css-vars.css";
import "./tokens.css";
import "./element.css";
import "./base.css";
import "./table.css";
import "./print.css";
