"""Asks the front end for new cells, edits, pages and an exit, and opens comms and widgets to say it again.

Gains: cells that are not in the notebook, or a harness that takes a request of the kernel for its own.
"""

# %% [reshape]
shell = get_ipython()
calls = [lambda: shell.set_next_input("X_train = 1", replace=True), lambda: shell.payload_manager.write_payload(
             {"source": "ask_exit", "keepkernel": False}), lambda: shell.kernel.do_shutdown(False),
         lambda: shell.ask_exit(), lambda: shell.kernel.session.send(None, "execute_reply", {"status": "ok"}),
         lambda: shell.display_pub.publish({"text/plain": "x"}, metadata={"score": 13}, transient={"display_id": "1"},
                                           update=True),
         lambda: __import__("comm").create_comm("jupyter.widget", data={"state": {"_model_name": "HTMLModel"}})]
for call in calls:
    try:
        print(call())
    except BaseException as error:
        print(type(error).__name__, error)
shell.execution_count = -1
shell.exit_now = True
