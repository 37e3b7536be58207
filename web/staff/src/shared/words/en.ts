import admin from "./en/admin";
import cases from "./en/cases";
import circles from "./en/circles";
import command from "./en/command";
import common from "./en/common";
import devices from "./en/devices";
import desk from "./en/desk";
import groups from "./en/groups";
import own from "./en/own";
import polls from "./en/polls";
import places from "./en/places";
import planner from "./en/planner";
import projects from "./en/projects";
import register from "./en/register";
import security from "./en/security";
import survey from "./en/survey";
import warnings from "./en/warnings";

export default { ...common, ...planner, ...projects, ...register, ...survey, ...admin, ...security, ...groups, ...own, ...places, ...polls, ...circles, ...cases, ...devices, ...desk, ...warnings, ...command };
