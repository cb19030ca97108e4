@testable import Installer
import Testing

@Suite struct NamedAnswersTests {
    /// - Parameter file: the names that the values file sets; nil: it is not read.
    private func fullname(
        file: ChartNames? = nil, released: JSONValue = ["fullnameOverride": "shared"],
        status: String = "deployed"
    ) -> String {
        var facts = Facts()
        if let file { facts.chartNames = .known(file) }
        facts.release = .known(
            Facts.Release(status: status, revision: 2, chart: Chart.label, values: released))
        return Answers().named(by: facts).fullname
    }

    @Test func theNamesOfAReleaseAreThoseOfItsValues() {
        #expect(fullname() == "shared")
        #expect(fullname(released: [:]) == "buildkit")
        #expect(fullname(status: "failed") == "shared")
        #expect(Answers().named(by: Facts()).fullname == "buildkit")
    }

    /// As Helm merges the file into the values that it keeps.
    @Test func anInstallHasTheNamesOfItsFile() {
        #expect(fullname(file: ChartNames()) == "shared")
        #expect(fullname(file: ChartNames(fullnameOverride: "other")) == "other")
        #expect(fullname(file: ChartNames(fullnameOverride: "")) == "buildkit")
        #expect(fullname(file: ChartNames(), status: "pending-upgrade") == "shared")
        // Their values are dropped.
        #expect(fullname(file: ChartNames(), status: "failed") == "buildkit")
        #expect(fullname(file: ChartNames(), status: "uninstalled") == "buildkit")
        #expect(fullname(file: ChartNames(), status: "pending-install") == "buildkit")
    }

    @Test func theServiceOfAReleaseIsFoundByItsLabels() {
        func service(_ name: String, port: String) -> JSONValue {
            JSONValue.service.setting(.string(name), at: ["metadata", "name"])
                .setting(.string(Chart.label), at: ["metadata", "labels", "helm.sh/chart"])
                .setting([["name": .string(port)]], at: ["spec", "ports"])
        }
        func name(_ items: JSONValue...) -> String? {
            ReleaseObjects(items: items, refused: []).clientService(of: .team, or: "buildkit")?.name
        }
        let metrics = service("shared-metrics", port: "metrics")
        let shared = service("shared", port: "buildkit")
        #expect(name(metrics, .service, shared) == "shared")
        #expect(name(metrics, .service) == "buildkit")
        #expect(name(metrics) == nil)
    }
}
