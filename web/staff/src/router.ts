import { watchEffect } from "vue";
import { createRouter, createWebHistory, type RouteLocationNormalized } from "vue-router";

import { onLoggedOut } from "./shared/api";
import { say } from "./shared/i18n";
import { menu } from "./shared/menu";
import { loadMe, may, me } from "./shared/session";
import type { Right } from "./shared/types";

declare module "vue-router" {
  interface RouteMeta {
    /** Without the frame of header and menu. */
    bare?: boolean;
    /** For everybody, logged in or not. */
    open?: boolean;
    /** Rights of which one is needed. */
    rights?: Right[];
  }
}

const rightsOf = (name: string) => menu.find((one) => one.name === name)?.rights ?? [];
const page = (path: string, name: string, component: () => Promise<unknown>) => ({
  path, name, component, meta: { rights: rightsOf(name) },
});

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    page("/", "map", () => import("./planner/map/MapPage.vue")),
    page("/matrix", "matrix", () => import("./planner/matrix/MatrixPage.vue")),
    { ...page("/matrix/classes", "classes", () => import("./planner/matrix/ClassesPage.vue")), meta: { rights: ["card.read"] as Right[] } },
    page("/places", "places", () => import("./planner/places/PlacesPage.vue")),
    page("/register", "register", () => import("./planner/register/RegisterPage.vue")),
    page("/register/import", "import", () => import("./planner/register/ImportPage.vue")),
    page("/register/spaces", "spaces", () => import("./planner/spaces/SpacesPage.vue")),
    page("/projects", "projects", () => import("./planner/projects/ProjectsPage.vue")),
    page("/projects/:ref", "project", () => import("./planner/projects/ProjectPage.vue")),
    page("/surveys", "surveys", () => import("./planner/surveys/SurveysPage.vue")),
    { ...page("/surveys/:id(\\d+)", "oneSurvey", () => import("./planner/surveys/OneSurveyPage.vue")), meta: { rights: ["survey.read"] as Right[] } },
    page("/circles", "circles", () => import("./planner/circles/CirclesPage.vue")),
    { ...page("/circles/checklists", "checklists", () => import("./planner/circles/ChecklistsPage.vue")), meta: { rights: ["project.read"] as Right[] } },
    { ...page("/matrix/demand", "demand", () => import("./planner/matrix/DemandPage.vue")), meta: { rights: ["card.read"] as Right[] } },
    page("/command", "command", () => import("./command/CommandPage.vue")),
    page("/cases", "cases", () => import("./planner/cases/CasesPage.vue")),
    { ...page("/cases/evaluation", "evaluation", () => import("./planner/cases/EvaluationPage.vue")), meta: { rights: ["case.read"] as Right[] } },
    { ...page("/cases/:ref", "oneCase", () => import("./planner/cases/OneCasePage.vue")), meta: { rights: ["case.read"] as Right[] } },
    page("/rosters", "rosters", () => import("./duty/RostersPage.vue")),
    page("/devices", "devices", () => import("./devices/DevicesPage.vue")),
    { ...page("/devices/new", "newDevices", () => import("./devices/NewDevicesPage.vue")), meta: { rights: ["device.write"] as Right[] } },
    { ...page("/devices/refused", "refusedMessages", () => import("./devices/RefusedPage.vue")), meta: { rights: ["device.read"] as Right[] } },
    { ...page("/devices/:ref", "oneDevice", () => import("./devices/OneDevicePage.vue")), meta: { rights: ["device.read"] as Right[] } },
    page("/rules", "rules", () => import("./planner/rules/RulesPage.vue")),
    page("/warnings", "warnings", () => import("./planner/warnings/WarningsPage.vue")),
    page("/runs", "runs", () => import("./planner/runs/RunsPage.vue")),
    page("/residents", "residents", () => import("./admin/ResidentsPage.vue")),
    { ...page("/residents/homes", "dwellingNotes", () => import("./admin/DwellingNotesPage.vue")), meta: { rights: ["resident.read"] as Right[] } },
    page("/groups", "groups", () => import("./admin/GroupsPage.vue")),
    page("/chats", "chats", () => import("./admin/ChatsPage.vue")),
    page("/accounts", "accounts", () => import("./admin/AccountsPage.vue")),
    page("/audit", "audit", () => import("./admin/AuditPage.vue")),
    page("/tokens", "tokens", () => import("./admin/TokensPage.vue")),
    page("/security", "security", () => import("./security/SecurityPage.vue")),
    {
      path: "/survey", name: "survey", meta: { bare: true, open: true },
      component: () => import("./survey/SurveyPage.vue"),
    },
    {
      path: "/desk", name: "desk", meta: { bare: true, open: true },
      component: () => import("./desk/DeskPage.vue"),
    },
    {
      path: "/answer/:code?", name: "answer", meta: { bare: true, open: true },
      component: () => import("./answering/AnswerPage.vue"),
    },
    {
      path: "/outside/:token", name: "outside", meta: { bare: true, open: true },
      component: () => import("./outside/OutsidePage.vue"),
    },
    {
      path: "/password", name: "password", meta: { bare: true },
      component: () => import("./public/PasswordPage.vue"),
    },
    {
      path: "/login", name: "login", meta: { bare: true, open: true },
      component: () => import("./public/LoginPage.vue"),
    },
    {
      path: "/public/:place", name: "public", meta: { bare: true, open: true },
      component: () => import("./public/PublicPage.vue"),
    },
    { path: "/:rest(.*)*", redirect: "/" },
  ],
});

router.beforeEach(async (to) => {
  if (to.meta.open) return true;
  if (!me.value && !(await loadMe())) return { name: "login", query: next(to) };
  if (me.value?.must_change_password && to.name !== "password") return { name: "password" };
  const needed = to.meta.rights ?? [];
  if (needed.length && !may(...needed)) return { name: home() };
  return true;
});

/** The first page that the caller may see. */
export function home(): string {
  return menu.find((one) => may(...one.rights))?.name ?? "tokens";
}

onLoggedOut(() => {
  const here = router.currentRoute.value;
  if (here.meta.open || !here.name) return;
  me.value = null;
  void router.push({ name: "login", query: next(here) });
});

watchEffect(() => {
  const name = router.currentRoute.value.name;
  document.title = name ? `${say(`menu.${String(name)}`)} · ${say("product")}` : say("product");
});

function next(to: RouteLocationNormalized): Record<string, string> {
  return to.fullPath === "/" ? {} : { next: to.fullPath };
}
