// The layers that look at each step by itself: those below the recurrence, or all of a network that has none.

import type { LayerWalk } from "../library.ts";
import { useTexts } from "../../languages.tsx";
import { ClipEquation } from "../equations.tsx";
import { STAGE_TEXTS } from "../stage-texts.ts";
import type { WalkView } from "../walk-view.ts";
import { LayerFigure, UnitLegend } from "./layer-figure.tsx";
import { Stage } from "./stage.tsx";

interface LayersStageProps {
  readonly view: WalkView;
  readonly number: number;
  readonly layers: readonly LayerWalk[];
}

/** Where the network of a model is. */
export const networkFile = ({ network }: WalkView): string => `src/network/${network.settings.name}.ts`;

export function LayersStage({ view, number, layers }: LayersStageProps) {
  const t = useTexts(STAGE_TEXTS);
  const ceiling = layers.find((layer) => layer.ceiling !== undefined)?.ceiling;
  const isConvolution = layers.some(({ name }) => name === "c1");
  return (
    <Stage
      number={number}
      title={t("layersTitle")}
      text={ceiling === undefined ? t("blocks") : t("layers", { ceiling })}
      equation={ceiling === undefined || isConvolution ? undefined : <ClipEquation ceiling={ceiling} />}
      files={[isConvolution ? "src/network/convolutions.ts" : "src/network/layers.ts", networkFile(view)]}
    >
      <UnitLegend view={view} layers={layers} />
      {layers.map((layer) => (
        <LayerFigure key={layer.name} view={view} layer={layer} name={layer.name} />
      ))}
    </Stage>
  );
}

export function UpperStage({ view, number, layers }: LayersStageProps) {
  const t = useTexts(STAGE_TEXTS);
  return (
    <Stage
      number={number}
      title={t("upperTitle")}
      text={t("upper")}
      files={["src/network/layers.ts", networkFile(view)]}
    >
      <UnitLegend view={view} layers={layers} />
      {layers.map((layer) => (
        <LayerFigure key={layer.name} view={view} layer={layer} name={layer.name} />
      ))}
    </Stage>
  );
}
