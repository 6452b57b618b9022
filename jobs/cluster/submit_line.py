"""What `spark-submit` is told: the package, the program, and the words of our own command line.

The cluster then runs exactly the command that a person would run on a laptop.
"""

from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from conf.errors import UsageError
from conf.settings import Settings
from jobs.cluster.package import CODE, ENVIRONMENT, MAIN
from jobs.dated import Work, job

PYTHON = "./environment/bin/python"
ALIAS = "environment"


@dataclass(frozen=True)
class Submission:
    """One run of the command line on a cluster, with the package at `package` (an s3:// place)."""

    name: str
    package: str
    arguments: tuple[str, ...]
    variables: dict[str, str]
    conf: dict[str, str]

    @property
    def program(self) -> str:
        """The file that is started."""
        return f"{self.package}/{MAIN}"

    @property
    def code(self) -> str:
        """The archive of our code."""
        return f"{self.package}/{CODE}"

    @property
    def environment(self) -> str:
        """The archive of the libraries, and the folder that it is unpacked to."""
        return f"{self.package}/{ENVIRONMENT}#{ALIAS}"


def submission(
    work: Work, package: str, settings: Settings, conf: dict[str, str] | None = None
) -> Submission:
    """Return what is submitted for `work`; `conf`: settings of Spark for this run alone."""
    words = tuple(job(work.job).arguments(work))
    return Submission(work.name, package.rstrip("/"), words, variables(settings), conf or {})


def variables(settings: Settings) -> dict[str, str]:
    """Return the environment that the run gets: what this machine sets, but no secret and no path.

    Secrets would stand in the cluster's own record of the step, and files lie elsewhere there.
    """
    chosen = settings.model_dump(exclude_defaults=True)
    return {
        f"ANTIPODE_{name.upper()}": str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in sorted(chosen.items())
        if not isinstance(value, SecretStr | Path) and not name.startswith("geo_")
    }


def on_yarn(run: Submission) -> list[str]:
    """Return the words of `spark-submit` for YARN, the driver in a container of its own."""
    conf = {
        "spark.pyspark.python": PYTHON,
        **{f"spark.yarn.appMasterEnv.{name}": value for name, value in run.variables.items()},
        **run.conf,
    }
    words = ["spark-submit", "--master", "yarn", "--deploy-mode", "cluster", "--name", run.name]
    for key, value in conf.items():
        words += ["--conf", f"{key}={value}"]
    words += ["--py-files", run.code, "--archives", run.environment]
    return [*words, run.program, *run.arguments]


def on_serverless(run: Submission) -> dict[str, object]:
    """Return the job driver of EMR Serverless."""
    driver = "spark.emr-serverless.driverEnv"
    conf = {
        "spark.archives": run.environment,
        "spark.submit.pyFiles": run.code,
        f"{driver}.PYSPARK_DRIVER_PYTHON": PYTHON,
        f"{driver}.PYSPARK_PYTHON": PYTHON,
        "spark.executorEnv.PYSPARK_PYTHON": PYTHON,
        **{f"{driver}.{name}": value for name, value in run.variables.items()},
        **run.conf,
    }
    for key, value in conf.items():
        if value != "".join(value.split()):
            raise UsageError(f"{key}={value}: EMR Serverless takes no value with blanks; change it")
    return {
        "sparkSubmit": {
            "entryPoint": run.program,
            "entryPointArguments": list(run.arguments),
            "sparkSubmitParameters": " ".join(f"--conf {key}={conf[key]}" for key in conf),
        }
    }
