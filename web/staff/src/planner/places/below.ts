/** What may be added below a place by hand: areas that cards are about come with a bundle. */
import type { AnyLevel } from "@/shared/types";

export const BELOW: Partial<Record<AnyLevel, AnyLevel[]>> = {
  community: ["grid", "building"],
  grid: ["building"],
  building: ["dwelling"],
};
