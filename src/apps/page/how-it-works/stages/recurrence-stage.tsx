// The recurrences: what each direction knows at the playhead, and their sum.

import type { JSX } from "preact";
import { useTexts } from "../../languages.tsx";
import {
  ClippedRecurrenceEquation,
  GatedRecurrenceEquation,
  LongMemoryEquation,
  type Directions,
} from "../equations.tsx";
import type { RecurrentGroup } from "../layer-groups.ts";
import { STAGE_TEXTS } from "../stage-texts.ts";
import type { WalkView } from "../walk-view.ts";
import { LayerFigure, UnitLegend } from "./layer-figure.tsx";
import { Stage } from "./stage.tsx";

interface RecurrenceStageProps {
  readonly view: WalkView;
  readonly number: number;
  readonly groups: readonly RecurrentGroup[];
}

const EQUATIONS: Readonly<Record<string, ((directions: Directions) => JSX.Element) | undefined>> = {
  clipped: ClippedRecurrenceEquation,
  gru: GatedRecurrenceEquation,
  lstm: LongMemoryEquation,
};

export function RecurrenceStage({ view, number, groups }: RecurrenceStageProps) {
  const t = useTexts(STAGE_TEXTS);
  const cell = String(view.network.settings.cell ?? "");
  const CellEquation = EQUATIONS[cell];
  const isBothWays = groups.some(({ sum }) => sum);
  return (
    <Stage
      number={number}
      title={t(isBothWays ? "recurrenceTitle" : "recurrenceOneTitle")}
      text={t(isBothWays ? "recurrence" : "recurrenceOne")}
      equation={CellEquation && <CellEquation isBothWays={isBothWays} />}
      files={["src/network/recurrent-layer.ts", ...(CellEquation ? [`src/network/cells/${cell}.ts`] : [])]}
    >
      <UnitLegend view={view} layers={groups.flatMap(({ directions }) => directions)} />
      {groups.map((group) => (
        <DirectionFigures key={group.name} view={view} group={group} />
      ))}
    </Stage>
  );
}

/** What a direction does not know yet is veiled. */
function DirectionFigures({ view, group }: { readonly view: WalkView; readonly group: RecurrentGroup }) {
  const t = useTexts(STAGE_TEXTS);
  return (
    <>
      {group.directions.map((layer) => (
        <LayerFigure
          key={layer.name}
          view={view}
          layer={layer}
          name={`${group.name} ${t(layer.direction ?? "forward")}`}
        >
          <div class={`veil ${layer.direction ?? "forward"}`} />
        </LayerFigure>
      ))}
      {group.sum && <LayerFigure view={view} layer={group.sum} name={`${group.name} ${t("sum")}`} />}
    </>
  );
}
