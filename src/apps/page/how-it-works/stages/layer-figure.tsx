// One layer over time, with its units at the playhead beside it.

import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { LayerWalk } from "../library.ts";
import { useTexts } from "../../languages.tsx";
import { HeatMap } from "../figures/heat-map.tsx";
import { TimeFigure } from "../figures/time-figure.tsx";
import { UnitGrid } from "../figures/unit-grid.tsx";
import { css } from "../figures/palette.ts";
import { rowAt } from "../layer-groups.ts";
import { useNumbers } from "../../numbers.ts";
import { STAGE_TEXTS } from "../stage-texts.ts";
import type { WalkView } from "../walk-view.ts";

interface LayerFigureProps {
  readonly view: WalkView;
  readonly layer: LayerWalk;
  /** The layer's name for people. */
  readonly name: string;
  /** Over the figure. */
  readonly children?: ComponentChildren;
}

export function LayerFigure({ view, layer, name, children }: LayerFigureProps) {
  const t = useTexts(STAGE_TEXTS);
  const { whole, percent } = useNumbers();
  const { palette, axis, walk, step } = view;
  const { ceiling, largest, smallest, units, rows } = layer;
  const isSigned = smallest < 0;
  const reach = Math.max(Math.abs(smallest), Math.abs(largest));
  const color = useMemo(
    () => (value: number) =>
      isSigned ? palette.signed(value, reach) : palette.unit(value, { largest: reach, ceiling }),
    [palette, isSigned, reach, ceiling],
  );
  const now = rowAt(layer, step, walk.steps);
  const on = now.filter((value) => value > 0).length;
  const clip = ceiling === undefined ? 0 : now.filter((value) => value >= ceiling).length;
  const facts = isSigned ? t("signedNow", { name, units }) : t("unitsNow", { name, units, on, clip });
  return (
    <div class="layer">
      <div class="layer-over-time">
        <p class="layer-name">
          <strong>{name}</strong>
          {layer.zeroShare !== undefined && (
            <span class="muted number">
              {t("layerShares", { off: percent(layer.zeroShare), clip: percent(layer.clippedShare ?? 0) })}
            </span>
          )}
        </p>
        <TimeFigure
          view={view}
          label={t("layerFigure", { name, units: whole(units), steps: whole(walk.steps) })}
          class="units"
        >
          <HeatMap values={layer.values} columns={rows} color={color} part={axis.allSteps} />
          {children}
        </TimeFigure>
      </div>
      <UnitGrid
        values={now}
        largest={reach}
        ceiling={ceiling}
        isSigned={isSigned}
        palette={palette}
        label={facts}
      />
    </div>
  );
}

/** What the colours mean. */
export function UnitLegend({
  view,
  layers,
}: {
  readonly view: WalkView;
  readonly layers: readonly LayerWalk[];
}) {
  const t = useTexts(STAGE_TEXTS);
  const { palette } = view;
  const chips = [
    ...(layers.some(({ smallest }) => smallest < 0)
      ? [
          [t("negative"), css(palette.signed(-1, 1))] as const,
          [t("positive"), css(palette.signed(1, 1))] as const,
        ]
      : [[t("off"), css(palette.share(0))] as const, [t("on"), css(palette.share(1))] as const]),
    ...(layers.some(({ ceiling }) => ceiling !== undefined)
      ? [[t("atClip"), css(palette.clip)] as const]
      : []),
  ];
  return (
    <ul class="legend">
      {chips.map(([name, color]) => (
        <li key={name}>
          <span class="chip" style={{ background: color }} />
          {name}
        </li>
      ))}
    </ul>
  );
}
