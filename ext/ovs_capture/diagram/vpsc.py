"""VPSC: variable placement with separation constraints.

Lives here: the solver of Dwyer, Marriott and Stuckey ("Fast node overlap removal", GD 2005; the
incremental form of "IPSep-CoLa", 2006). It finds the positions nearest to the desired ones, by
weighted least squares, that keep every ``right - left >= gap``. Does not live here: what the
variables mean.

Blocks are sets of variables held together by tight constraints, which form a tree. Between calls
of ``solve`` the blocks stay, so that a small change of the desired positions costs little. The
order of everything is the order given, so equal input gives equal output.
"""

from dataclasses import dataclass, field

TOLERANCE = 1e-6
ROUNDS = 200


@dataclass(slots=True, eq=False)
class Variable:
    """One position. ``offset`` is the distance from its block's."""

    desired: float = 0.0
    weight: float = 1.0
    offset: float = 0.0
    block: "Block" = field(init=False)
    ins: list["Constraint"] = field(default_factory=list)
    outs: list["Constraint"] = field(default_factory=list)

    @property
    def position(self) -> float:
        return self.block.position + self.offset


@dataclass(slots=True, eq=False)
class Constraint:
    """``right`` is at least ``gap`` after ``left``; ``multiplier`` < 0: it hinders and may go."""

    left: Variable
    right: Variable
    gap: float
    active: bool = False
    multiplier: float = 0.0

    @property
    def slack(self) -> float:
        return self.right.position - self.left.position - self.gap


@dataclass(slots=True, eq=False)
class Block:
    """Variables that move together."""

    variables: list[Variable]
    position: float = 0.0

    def settle(self) -> None:
        """Move to the weighted mean of what the variables desire."""
        weight = sum(v.weight for v in self.variables)
        self.position = sum(v.weight * (v.desired - v.offset) for v in self.variables) / weight


class Solver:
    """The variables and constraints of one problem, with the blocks found so far."""

    def __init__(self, variables: list[Variable], constraints: list[Constraint]) -> None:
        self.variables = variables
        self.constraints = constraints
        self.blocks: list[Block] = []
        for variable in variables:
            variable.block = Block([variable])
            self.blocks.append(variable.block)
        for constraint in constraints:
            constraint.left.outs.append(constraint)
            constraint.right.ins.append(constraint)

    def solve(self) -> None:
        """Bring all variables to their best positions.

        Raises ValueError when the constraints contradict each other.
        """
        for block in self.blocks:
            block.settle()
        self._satisfy()
        for _ in range(ROUNDS):
            if not self._split():
                return
            self._satisfy()

    def _satisfy(self) -> None:
        while (worst := self._most_violated()) is not None:
            if worst.left.block is worst.right.block:
                self._open(worst)
                if worst.slack >= -TOLERANCE:
                    continue
            self._merge(worst)

    def _most_violated(self) -> Constraint | None:
        worst, least = None, -TOLERANCE
        for constraint in self.constraints:
            if not constraint.active:
                left, right = constraint.left, constraint.right
                slack = (
                    right.block.position + right.offset - left.block.position - left.offset
                ) - constraint.gap
                if slack < least:
                    worst, least = constraint, slack
        return worst

    def _merge(self, constraint: Constraint) -> None:
        left, right = constraint.left, constraint.right
        shift = left.offset + constraint.gap - right.offset
        keep, gone = left.block, right.block
        if len(gone.variables) > len(keep.variables):
            keep, gone, shift = gone, keep, -shift
        for variable in gone.variables:
            variable.offset += shift
            variable.block = keep
        keep.variables.extend(gone.variables)
        self.blocks.remove(gone)
        constraint.active = True
        keep.settle()

    def _split(self) -> bool:
        """Cut every block at the constraint that hinders most; whether one was cut."""
        cut = False
        for block in list(self.blocks):
            block.settle()
            worst: Constraint | None = None
            least = -TOLERANCE
            for constraint in self._multipliers(block.variables[0]):
                if constraint.multiplier < least:
                    worst, least = constraint, constraint.multiplier
            if worst is not None:
                self._cut(block, worst)
                cut = True
        return cut

    def _cut(self, block: Block, constraint: Constraint) -> None:
        constraint.active = False
        self.blocks.remove(block)
        for start in (constraint.left, constraint.right):
            part = Block(_reached(start))
            for variable in part.variables:
                variable.block = part
            part.settle()
            self.blocks.append(part)

    def _open(self, violated: Constraint) -> None:
        """Cut the block of a violated constraint between its two ends."""
        self._multipliers(violated.left)
        came: dict[int, Constraint | None] = {id(violated.left): None}
        waiting = [violated.left]
        while waiting:
            here = waiting.pop()
            for constraint, other in _active(here):
                if id(other) not in came:
                    came[id(other)] = constraint
                    waiting.append(other)
        worst: Constraint | None = None
        here = violated.right
        while (tight := came[id(here)]) is not None:
            forwards = tight.right is here
            if forwards and (worst is None or tight.multiplier < worst.multiplier):
                worst = tight
            here = tight.left if forwards else tight.right
        if worst is None:
            raise ValueError("the separation constraints contradict each other")
        self._cut(violated.left.block, worst)

    @staticmethod
    def _multipliers(root: Variable) -> list[Constraint]:
        """Compute the multipliers of the tree of tight constraints around ``root``."""
        order: list[tuple[Variable, Constraint | None, Variable | None]] = []
        waiting: list[tuple[Variable, Constraint | None, Variable | None]] = [(root, None, None)]
        while waiting:
            step = waiting.pop()
            order.append(step)
            for tight, other in _active(step[0]):
                if tight is not step[1]:
                    waiting.append((other, tight, step[0]))
        pull: dict[int, float] = {}
        found: list[Constraint] = []
        for variable, constraint, parent in reversed(order):
            here = pull.get(id(variable), 0.0) + 2 * variable.weight * (
                variable.position - variable.desired
            )
            if constraint is None or parent is None:
                continue
            constraint.multiplier = here if constraint.right is variable else -here
            found.append(constraint)
            pull[id(parent)] = pull.get(id(parent), 0.0) + here
        return found


def _active(variable: Variable) -> list[tuple[Constraint, Variable]]:
    found = [(c, c.right) for c in variable.outs if c.active]
    found += [(c, c.left) for c in variable.ins if c.active]
    return found


def _reached(start: Variable) -> list[Variable]:
    seen, waiting, found = {id(start)}, [start], []
    while waiting:
        here = waiting.pop()
        found.append(here)
        for _, other in _active(here):
            if id(other) not in seen:
                seen.add(id(other))
                waiting.append(other)
    return found
