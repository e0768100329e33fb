"""A faster Jinja compiler for our templates, and its cache of compiled templates."""

from __future__ import annotations

from functools import lru_cache
from keyword import iskeyword
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, Template
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.environment import TemplateModule
from jinja2.nodes import Call, Expr, Getattr
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup, escape


def bytecode_cache() -> FileSystemBytecodeCache | None:
    """Return Jinja's cache of compiled templates in a folder of the user, or None without one.

    The cache is never in the folder of the book, since its content is executed. The pattern has a
    number to increase whenever `_Code` generates different code: Jinja's own key leaves that out.
    """
    try:
        return FileSystemBytecodeCache(pattern="__policybook_3_%s.cache")
    except (OSError, RuntimeError):
        return None


class _Code(CodeGenerator):
    """Compiles templates to plainer Python than Jinja's own compiler.

    `Markup` is not escaped again. `x.y` is only an attribute access, since views are typed, and
    `f(x)` a plain call, since none of our functions needs the template's context, nor do macros.
    Jinja's own code for these takes a third of the time of a page.
    """

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def visit_Getattr(self, node: Getattr, frame: Frame) -> None:
        """Compile an attribute access, without falling back to an item."""
        if iskeyword(node.attr):
            return super().visit_Getattr(node, frame)
        self.write("(")
        self.visit(node.node, frame)
        return self.write(f").{node.attr}")

    def visit_Call(self, node: Call, frame: Frame, forward_caller: bool = False) -> None:
        """Compile a call with its own arguments only."""
        named = any(iskeyword(argument.key) for argument in node.kwargs)
        if named or forward_caller or node.dyn_args or node.dyn_kwargs:
            return super().visit_Call(node, frame, forward_caller)
        self.write("(")
        self.visit(node.node, frame)
        self.write(")(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        return self.write(")")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """Compile the definition of a macro, as one of ours."""
        self.write("environment.")
        super().macro_def(macro_ref, frame)


class _Macro(Macro):
    """A macro that is only a call of its function, unless its arguments are named."""

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        left_out = self._argument_count - len(args)
        more = self.caller or self.catch_kwargs or self.catch_varargs
        if kwargs or more or left_out < 0:
            return super().__call__(*args, **kwargs)
        html = self._func(*args, *(missing,) * left_out)
        return str.__new__(Markup, html)  # as Markup() does, but for any object


class _Template(Template):
    """A template whose macros are the same for every template that imports them.

    Jinja compares the globals of both at each import. Ours have the same.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


# Names and patterns occur on many pages; longer texts do not.
_SHORT = 80


def _generator(environment: Environment, name: str, *rest: Any) -> CodeGenerator:
    """Our compiler for our templates; Jinja's for those of a book, which may have anything."""
    ours = name.partition("/")[0] in ("pages", "partials", "feeds")
    return (_Code if ours else CodeGenerator)(environment, name, *rest)


class TemplateEnvironment(Environment):
    """A Jinja environment with our own compiler."""

    code_generator_class = staticmethod(_generator)  # type: ignore[assignment]  # is only called
    template_class = _Template
    Macro = _Macro

    @staticmethod
    def escaped(value: object) -> str:
        """Return the value as HTML."""
        if type(value) is Markup:
            return value
        if type(value) is str:
            return _escaped(value) if len(value) < _SHORT else escape(value)
        return str(value) if type(value) is int else escape(value)


_escaped = lru_cache(maxsize=65_536)(escape)


def templates_folder() -> Path:
    """Return the folder of templates: in the installed package, else in the checkout."""
    package = Path(__file__).parents[2]
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent.parent / "templates"
