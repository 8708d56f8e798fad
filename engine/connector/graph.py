"""Running the model's graph in a straight line."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage

from engine.connector.spans import SHORTEST_STEP
from engine.connector.watch import current_watch

Step = tuple[str, GraphNode, list[str]]


class StraightRunner(GraphRunner):
    """Runs the nodes of a loaded graph one after another, in an order that is worked out once.

    Dask plans its schedule anew for every message, which takes longer than the small nodes themselves.
    """

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._plans: dict[tuple[str, ...], list[Step]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> StraightRunner:
        """A runner that loads the nodes itself."""
        return cls.taking_over(DaskGraphRunner.create(graph_schema, model_storage, execution_context, hooks))

    @classmethod
    def taking_over(cls, runner: DaskGraphRunner) -> StraightRunner:
        """A runner for the nodes that Rasa's runner has loaded."""
        return cls(runner._graph_schema, runner._instantiated_nodes)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Run the nodes that the targets need.

        Returns:
            The output of each target.
        """
        wanted, spans = tuple(targets or self._schema.target_names), current_watch().spans
        if wanted not in self._plans:
            self._plans[wanted] = self._plan(wanted)
        outputs = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, node, needs in self._plans[wanted]:
            with spans.span(f"run {type(node._component).__name__}", SHORTEST_STEP):
                outputs[name] = node(*[outputs.get(need, need) for need in needs])
        return {target: outputs[target][1] for target in wanted}

    def _plan(self, targets: tuple[str, ...]) -> list[Step]:
        plan: dict[str, Step] = {}

        def add(name: str) -> None:
            if name in plan or name not in self._schema.nodes:
                return
            needs = list(self._schema.nodes[name].needs.values())
            for need in needs:
                add(need)
            plan[name] = (name, self._nodes[name], needs)

        for target in targets:
            add(target)
        return list(plan.values())
