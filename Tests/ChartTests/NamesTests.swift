import LabSupport
import Testing

import struct Installer.ChartNames

/// The program finds the chart's objects by the names that Helm's engine gives them.
struct NamesTests {
    @Test func theProgramNamesTheObjectsAsTheChartDoes() async throws {
        func long(_ count: Int) -> String { String(repeating: "n", count: count) }
        // After a release of four letters, the last one is cut behind its hyphen.
        let overrides: [String?] = [nil, "kit", "buildkit", long(55), "\(long(49))-kit"]
        var cases: [(names: ChartNames, release: Release)] = []
        for release in ["buildkit", "team", "team-kit", long(53)] {
            for name in overrides {
                for fullname in [nil, "shared", name] {
                    let values = ["nameOverride": name, "fullnameOverride": fullname].compactMapValues(\.self)
                    cases.append(
                        (
                            ChartNames(nameOverride: name, fullnameOverride: fullname),
                            Release(set: values, release: release)
                        ))
                }
            }
        }
        let manifests = try await Chart.render(cases.map(\.release))
        for (one, manifest) in zip(cases, manifests) {
            let fullname = one.names.fullname(of: one.release.release)
            for object in [
                "Service/\(fullname)", "Deployment/\(fullname)-proxy", "Deployment/\(fullname)-builder",
                "PersistentVolumeClaim/\(fullname)-cache",
            ] {
                #expect(manifest.has(object), "\(one)")
            }
        }
    }
}
