/** What a click does, by mode. */
import { typesById } from "@/shared/standard";
import type { Facility } from "@/shared/types";

import { draw, drawing, drawWay, lookNear } from "./drawing";
import { pickHere } from "./here";
import type { Pick } from "./MapCanvas.vue";
import { mode } from "./mode";

interface Looked {
  area: (code: string) => void;
  facility: (ref: string | null) => void;
  spot: (row: number | null) => void;
}

export function picked(pick: Pick, facilities: readonly Facility[], looked: Looked): void {
  if (mode.value === "here") pickHere(pick.at);
  else if (mode.value === "draw") drawAt(pick, facilities);
  else if (!pick.own() && mode.value === "look") {
    looked.facility(pick.facility);
    looked.spot(pick.facility ? null : pick.spot);
    if (!pick.facility && pick.spot === null && pick.area) looked.area(pick.area);
  }
}

function drawAt(pick: Pick, facilities: readonly Facility[]): void {
  if (drawing.tool === "close") void lookNear(pick.at);
  else if (drawing.tool === "way") {
    if (!drawing.busy) drawWay(pick.at);
  } else if (drawing.tool === "facility") {
    drawing.target = facilities.find((one) => one.ref === pick.facility) ?? null;
  } else if (drawing.type && !drawing.busy) {
    const [lon, lat] = pick.at;
    const type = typesById.value.get(drawing.type);
    const capacity = drawing.capacity;
    void draw({
      change: { do: "add", type: drawing.type, lon, lat, ...(capacity ? { capacity } : {}) },
      name: type?.id ?? drawing.type, at: pick.at,
    });
  }
}
