import admin from "./zh/admin";
import common from "./zh/common";
import planner from "./zh/planner";
import register from "./zh/register";
import survey from "./zh/survey";

export default { ...common, ...planner, ...register, ...survey, ...admin };
