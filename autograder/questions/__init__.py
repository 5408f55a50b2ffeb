"""Questions to each student about their own work, made from stored evidence, and the forms they come in. Pure."""

from autograder.questions.choose_questions import KINDS, choose
from autograder.questions.evidence import ConfusionFact, Evidence, LayerFact, NetworkFact, TestedFact, TrainingFact
from autograder.questions.pages import answer_page, student_page
from autograder.questions.question import Choice, Number, Question, Quiz, Sheet
from autograder.questions.question_words import Names
from autograder.questions.quiz_gift import gift
from autograder.questions.quiz_qti import qti_files
from autograder.questions.quiz_table import quiz_csv, quiz_lines

__all__ = [
    "KINDS", "Choice", "ConfusionFact", "Evidence", "LayerFact", "Names", "NetworkFact", "Number", "Question", "Quiz",
    "Sheet", "TestedFact", "TrainingFact", "answer_page", "choose", "gift", "qti_files", "quiz_csv", "quiz_lines",
    "student_page",
]
