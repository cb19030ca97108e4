import Terminal
import Testing

@testable import Installer
@testable import Wizard

@Suite struct ProductionNamesTests {
    @Test func theUsualNamesAreWordsOfTheName() {
        let names = ProductionNames()
        for name in ["prod", "gke_acme_europe-west1_prod-eu", "arn:aws:eks:eu:1:cluster/Production"] {
            #expect(names.match(name), "\(name)")
        }
        for name in ["", "reproduction-lab", "staging", "products"] { #expect(!names.match(name), "\(name)") }
    }

    @Test func patternsReplaceThem() {
        let names = ProductionNames(environment: [ProductionNames.variable: "main, acme-*-live"])
        #expect(names.match("main") && names.match("acme-eu-live"))
        #expect(!names.match("prod") && !names.match("acme-eu-test"))
        #expect(!ProductionNames(environment: [ProductionNames.variable: ""]).match("prod"))
    }
}
