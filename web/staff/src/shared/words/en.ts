import admin from "./en/admin";
import common from "./en/common";
import planner from "./en/planner";
import register from "./en/register";
import survey from "./en/survey";

export default { ...common, ...planner, ...register, ...survey, ...admin };
