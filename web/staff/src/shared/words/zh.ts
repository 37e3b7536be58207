import admin from "./zh/admin";
import common from "./zh/common";
import own from "./zh/own";
import planner from "./zh/planner";
import register from "./zh/register";

export default { ...common, ...planner, ...register, ...admin, ...own };
