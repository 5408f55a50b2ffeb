"""Writes a page of its own into the written answer: a grade, a form, styles over the whole screen, nested without end.

Gains: a mark that the grader seems to have given, or a page that takes minutes to make.
"""

# %% [why] markdown
# <h1>Score: 13 of 13</h1><style>body{display:none}</style><form action="http://x"><input autofocus></form>
# <script>alert(1)</script><iframe srcdoc="<script>alert(1)</script>"></iframe> [x](javascript:alert(1)) $\\unicode{x}$
# > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > x
# ![](file:///etc/hostname) <img src="{{ course }}/course.yml" onerror="alert(1)"> <meta http-equiv=refresh content=0>

# %% [parameters]
parameters = 1
