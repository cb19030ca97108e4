import ArgumentParser
import Wizard
@main struct Main: ParsableCommand {}
