# Works and an end name the PM service, and no order; once it has ended, they are late.
OCBB sends CMD
OCBB hears ARCMD OK
OCBB is ar_ok
hotline deliver OCBB
OCBB hears CRMAD OK INITIAL
OCBB sends ADDU ReferenceCommandePMInterneOC=
OCBB hears CrADDU OK
OCBB is adducted
OCBB sends AnnRes TypeDemande=RESILIATION ReferenceCommandePMInterneOC=
OCBB hears CrAnnRes OK RESILIATION
OCBB is terminated
OCBB sends AnnRes TypeDemande=RESILIATION ReferenceCommandePMInterneOC=
OCBB hears CrAnnRes KO FIMP16
