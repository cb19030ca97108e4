@testable import Installer
import Testing

/// That Helm's engine gives the objects the same names is tested with the chart.
@Suite struct ChartNamesTests {
    @Test func valuesReplaceAPartOfTheNamesOrAll() {
        func fullname(_ values: JSONValue, of release: String = "team") -> String {
            ChartNames(values: values).fullname(of: release)
        }
        #expect(fullname([:]) == "team-buildkit")
        #expect(fullname(["nameOverride": "kit"]) == "team-kit")
        #expect(fullname(["nameOverride": "kit"], of: "buildkit") == "buildkit")
        #expect(fullname(["nameOverride": "kit", "fullnameOverride": "shared"]) == "shared")
        #expect(fullname(["nameOverride": "", "fullnameOverride": .null]) == "team-buildkit")
    }

    @Test func allNamesOfTheAnswersFollow() {
        var answers = Answers()
        (answers.release, answers.namespace) = ("team", "ci")
        answers.chartNames.fullnameOverride = "shared"
        #expect(answers.serviceNames == ["shared.ci.svc", "shared.ci.svc.cluster.local"])
        #expect(answers.names.prefix(2).map { "\($0)" } == answers.serviceNames)
        #expect([answers.builderDeployment, answers.proxyDeployment] == ["shared-builder", "shared-proxy"])
        #expect(answers.cacheClaim == "shared-cache")
    }

    /// Helm merges value by value; an empty one is a value, too.
    @Test func valuesThatAreNotSetComeFromTheOthers() {
        let others = ChartNames(nameOverride: "kit", fullnameOverride: "shared")
        #expect(ChartNames().over(others) == others)
        #expect(
            ChartNames(fullnameOverride: "").over(others)
                == ChartNames(nameOverride: "kit", fullnameOverride: ""))
    }
}
