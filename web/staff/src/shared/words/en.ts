import admin from "./en/admin";
import common from "./en/common";
import own from "./en/own";
import planner from "./en/planner";
import register from "./en/register";

export default { ...common, ...planner, ...register, ...admin, ...own };
