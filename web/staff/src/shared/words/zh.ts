import admin from "./zh/admin";
import cases from "./zh/cases";
import circles from "./zh/circles";
import command from "./zh/command";
import common from "./zh/common";
import devices from "./zh/devices";
import desk from "./zh/desk";
import groups from "./zh/groups";
import own from "./zh/own";
import polls from "./zh/polls";
import places from "./zh/places";
import planner from "./zh/planner";
import projects from "./zh/projects";
import register from "./zh/register";
import security from "./zh/security";
import survey from "./zh/survey";
import warnings from "./zh/warnings";

export default { ...common, ...planner, ...projects, ...register, ...survey, ...admin, ...security, ...groups, ...own, ...places, ...polls, ...circles, ...cases, ...devices, ...desk, ...warnings, ...command };
